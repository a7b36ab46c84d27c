import type { LimitRules } from "./limit_rules.ts";

/** All that a limit remembers; data only. */
export interface LimitState {
  /** How much may be in flight; a whole number. */
  readonly limit: number;
  /** Work with a lower number began before the limit last changed: its latency tells of another limit. */
  readonly changedAt: number;
  /** Work with a lower number began before the limit last shrank: its refusal is of the same burst. */
  readonly shrunkAt: number;
  /** The latencies of the round so far, in milliseconds. */
  readonly latencies: readonly number[];
  /** How many of them saw the limit fully used. */
  readonly full: number;
  /** The median of the round before, `null` after a change. */
  readonly previousMs: number | null;
  /** The long smoothed latency, `null` before the first round. */
  readonly longMs: number | null;
  /** Rounds so far. */
  readonly rounds: number;
  /** Calm and fully used rounds since the last change. */
  readonly calm: number;
  /** The limit that was too much the last time, until it is proven not to be. */
  readonly brokenAt: number | null;
  /** Calm rounds before `brokenAt` is tried again. */
  readonly patience: number;
  /** The limit to return to when the latency at half of it is measured; else `null`. */
  readonly restoreTo: number | null;
  /** Refusals at the floor without an answer between them. */
  readonly refusals: number;
}

/**
 * The state of a limit of which nothing is known yet.
 *
 * @param rules Its rules
 * @param order The number that the next piece of work gets
 * @returns The state
 */
export function freshLimit(rules: LimitRules, order = 0): LimitState {
  return {
    limit: rules.start,
    changedAt: order,
    shrunkAt: order,
    latencies: [],
    full: 0,
    previousMs: null,
    longMs: null,
    rounds: 0,
    calm: 0,
    brokenAt: null,
    patience: rules.patience,
    restoreTo: null,
    refusals: 0,
  };
}
