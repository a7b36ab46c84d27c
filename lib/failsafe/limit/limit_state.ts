import type { LimitRules } from "./limit_rules.ts";

/** The state of a limit; plain data. */
export interface LimitState {
  /** Number of requests that may be in flight; an integer. */
  readonly limit: number;
  /** Requests with a lower number than this started before the limit last changed, so their latencies do not count. */
  readonly changedAt: number;
  /**
   * Requests with a lower number than this started before the last refusal that counted, so they belong to the same
   * burst.
   */
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
  /** Number of calm rounds since the last change in which the limit was mostly used. */
  readonly calm: number;
  /** The limit that was last found too high; `null` if there is none, or if a calm round has disproved it. */
  readonly brokenAt: number | null;
  /** Number of calm rounds before `brokenAt` is tried again. */
  readonly patience: number;
  /** The limit that was in force before it shrank; `null` when it is reached again. */
  readonly shrunkFrom: number | null;
  /**
   * Monotonic time in milliseconds since which bytes flow without a refusal, a failure or a slow round; `null` until the
   * next sign of it.
   */
  readonly calmSinceMs: number | null;
  /** How long they must flow before `brokenAt` is tried again, in milliseconds. */
  readonly recoverMs: number;
  /** The limit to restore after the latency was measured at half of it; `null` outside of a measurement. */
  readonly restoreTo: number | null;
  /** Number of refusals at the floor since the last response. */
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
    shrunkFrom: null,
    calmSinceMs: null,
    recoverMs: rules.recoverMs,
    restoreTo: null,
    refusals: 0,
  };
}
