import type { LimitRules } from "./limit_rules.ts";

/** The state of a limit; plain data. */
export interface LimitState {
  /** Requests that may be in flight; an integer. */
  readonly limit: number;
  /** Requests with a lower number started before the limit last changed: their latencies do not count. */
  readonly changedAt: number;
  /** Requests with a lower number started before the last refusal that counted: they belong to the same burst. */
  readonly shrunkAt: number;
  /** Latencies of the current round, in milliseconds. */
  readonly latencies: readonly number[];
  /** How many of them ended while the limit was fully used. */
  readonly full: number;
  /** Median of the previous round in milliseconds; `null` after a change of the limit. */
  readonly previousMs: number | null;
  /** The long smoothed latency in milliseconds; `null` before the first round. */
  readonly longMs: number | null;
  /** Number of completed rounds. */
  readonly rounds: number;
  /** Calm and mostly used rounds since the last change. */
  readonly calm: number;
  /** The limit that was last found too high; `null` if there is none, or a calm round has disproved it. */
  readonly brokenAt: number | null;
  /** Calm rounds before `brokenAt` is tried again. */
  readonly patience: number;
  /** The limit to return to after the latency is measured at half of it; `null` outside of a measurement. */
  readonly restoreTo: number | null;
  /** Refusals at the floor since the last response. */
  readonly refusals: number;
}

/**
 * Create the state of a new limit.
 *
 * @param rules The rules of the limit
 * @param order Number that the next request will get
 * @returns The state at `start`, without measurements
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { freshLimit, limitRules } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(freshLimit(limitRules({ start: 3 })).limit, 3);
 * ```
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
