import { type Clock, systemClock } from "../../base/mod.ts";
import { handleIssue, type IssueAdvice } from "./handle_issue.ts";
import type { Issue } from "./issue.ts";
import { IssueRouter } from "./issue_router.ts";
import type { LogFollower } from "./log_follower.ts";
import { type LoggedModeChange, readModeChange } from "../status/read_mode_change.ts";

/** Options of {@linkcode LogWatch}. */
export interface LogWatchOptions {
  /** Told of each new kind of trouble at once, and of its repetitions now and then, with how many were left out. */
  readonly onAdvice: (advice: IssueAdvice, options: { readonly suppressed: number }) => void;
  /** Told of every change of the engine's mode. */
  readonly onMode?: ((change: LoggedModeChange) => void) | undefined;
  /** Told of every line, before what it tells is handed on. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Told of every issue. */
  readonly onIssue?: ((issue: Issue) => void) | undefined;
  /**
   * Decides what is let through.
   *
   * @default {one of a kind in ten minutes}
   */
  readonly router?: IssueRouter | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Follows a log and hands on the trouble that it tells of. */
export class LogWatch {
  readonly #follower: LogFollower;
  readonly #options: LogWatchOptions;
  readonly #router: IssueRouter;

  /**
   * Make one.
   *
   * @param follower The log; disposing it is the caller's
   * @param options Who hears of trouble
   */
  constructor(follower: LogFollower, options: LogWatchOptions) {
    const { clock = systemClock, router = new IssueRouter({ clock }) } = options;
    this.#follower = follower;
    this.#options = options;
    this.#router = router;
  }

  /**
   * Look once.
   *
   * @param options The signal that ends a long look
   * @returns Lines that were new, and issues among them
   */
  async look(
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
      const { isLetThrough, suppressed } = this.#router.see(advice.issue.kind);
      if (isLetThrough) this.#options.onAdvice(advice, { suppressed });
    }, options);
    return { lines, issues };
  }
}
