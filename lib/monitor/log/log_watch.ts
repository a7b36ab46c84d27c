import { type Clock, systemClock } from "../../base/mod.ts";
import type { LogFollower } from "../../journal/mod.ts";
import {
  type ExplainedProblem,
  explainLine,
  type LogLine,
  type LogRecord,
  quoteText,
  readLine,
  textOf,
} from "../../problems/mod.ts";
import { recognizeIssue } from "./recognize_issue.ts";
import { RepeatLimiter } from "../limit_repeats.ts";

/** A change of the mode, as the log of a run records it. */
interface LoggedModeChange {
  /** The mode before. */
  readonly from: string;
  /** The mode now. */
  readonly to: string;
  /** Why it changed, as a sentence for the user. */
  readonly reason: string;
}

/** Options of {@linkcode LogWatch}. */
export interface LogWatchOptions {
  /** Called for each new kind of issue, and for its repetitions once in ten minutes, with the number held back. */
  readonly onAdvice: (advice: ExplainedProblem, options: { readonly suppressed: number }) => void;
  /** Called for every change of the mode. */
  readonly onMode: (change: LoggedModeChange) => void;
  /** Called for every line, before the other callbacks. */
  readonly onLine?: ((line: LogLine) => void) | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Follows a log and reports the issues in it. */
export class LogWatch {
  readonly #follower: LogFollower;
  readonly #options: LogWatchOptions;
  readonly #limiter: RepeatLimiter;

  /**
   * Create a watch; nothing is read before `poll`.
   *
   * @param follower The log to poll; the caller disposes of it
   */
  constructor(follower: LogFollower, options: LogWatchOptions) {
    this.#follower = follower;
    this.#options = options;
    this.#limiter = new RepeatLimiter(options.clock ?? systemClock);
  }

  /**
   * Poll the log once, and report what is new.
   *
   * @returns The number of new lines, and the number of issues in them
   */
  async poll(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<{ readonly lines: number; readonly issues: number }> {
    const { onLine, onMode, onAdvice } = this.#options;
    let issues = 0;
    const lines = await this.#follower.poll((text) => {
      const line = readLine(text);
      onLine?.(line);
      const change = line.record === null ? null : readModeChange(line.record);
      if (change !== null) return onMode(change);
      const issue = recognizeIssue(line);
      if (issue === null) return;
      issues++;
      const suppressed = this.#limiter.admit(issue.kind);
      if (suppressed === null) return;
      const advice = explainLine(line);
      if (advice.type === "problem") onAdvice(advice, { suppressed });
    }, options);
    return { lines, issues };
  }
}

const MAX_TEXT = 500;

/** Lines may come from another program, so the text is cleaned and redacted before it is displayed. */
function readModeChange({ type, from, to, reason }: LogRecord): LoggedModeChange | null {
  if (type !== "mode" || typeof from !== "string" || typeof to !== "string") return null;
  const why = textOf(reason) ?? "no reason was given";
  return { from: quoteText(from, MAX_TEXT), to: quoteText(to, MAX_TEXT), reason: quoteText(why, MAX_TEXT) };
}
