import { type Clock, systemClock } from "../../base/mod.ts";
import { handleIssue, type IssueAdvice } from "./handle_issue.ts";
import type { Issue } from "./issue.ts";
import { IssueLimiter } from "./issue_limiter.ts";
import type { LogFollower } from "../../journal/mod.ts";
import { type LoggedModeChange, readModeChange } from "../status/read_mode_change.ts";

/** Options of {@linkcode LogWatch}. */
export interface LogWatchOptions {
  /**
   * Called immediately for each new kind of issue, and for its repetitions when the limiter lets them through, with the
   * number of suppressed ones.
   */
  readonly onAdvice: (advice: IssueAdvice, options: { readonly suppressed: number }) => void;
  /** Called for every change of the mode. */
  readonly onMode?: ((change: LoggedModeChange) => void) | undefined;
  /** Called for every line, before the other callbacks. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Called for every issue, suppressed or not. */
  readonly onIssue?: ((issue: Issue) => void) | undefined;
  /**
   * Limits how often a kind of issue is reported.
   *
   * @default {one issue of each kind in ten minutes}
   */
  readonly limiter?: IssueLimiter | undefined;
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
  readonly #limiter: IssueLimiter;

  /**
   * Create a watch; nothing is read before `poll`.
   *
   * @param follower The log to poll; the caller disposes of it
   */
  constructor(follower: LogFollower, options: LogWatchOptions) {
    const { clock = systemClock, limiter = new IssueLimiter({ clock }) } = options;
    this.#follower = follower;
    this.#options = options;
    this.#limiter = limiter;
  }

  /**
   * Poll the log once, and report what is new.
   *
   * @returns The number of new lines, and the number of issues in them
   */
  async poll(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<{ readonly lines: number; readonly issues: number }> {
    let issues = 0;
    const lines = await this.#follower.poll((line) => {
      this.#options.onLine?.(line);
      const change = readModeChange(line);
      if (change !== null) return this.#options.onMode?.(change);
      const advice = handleIssue(line);
      if (advice.issue === null) return;
      issues++;
      this.#options.onIssue?.(advice.issue);
      const { isAllowed, suppressed } = this.#limiter.admit(advice.issue.kind);
      if (isAllowed) this.#options.onAdvice(advice, { suppressed });
    }, options);
    return { lines, issues };
  }
}
