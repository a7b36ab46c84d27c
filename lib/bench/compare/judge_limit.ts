import type { Estimate } from "../../stats/mod.ts";

/** Whether an estimate meets a limit. */
export interface LimitVerdict {
  /** Whether the point estimate meets the limit. */
  readonly isMet: boolean;
  /** Whether both ends of the interval agree with `isMet`. */
  readonly isCertain: boolean;
}

/**
 * Compare an estimate with a limit.
 *
 * @param estimate The measured value, with its interval
 * @param direction Whether the value must be at most or at least the limit
 * @param limit The limit; a value equal to the limit meets it
 * @returns The verdict
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgeLimit } from "@civitai-dl/civitai-dl/bench";
 *
 * const speedup = { value: 1.3, low: 1.1, high: 1.5, confidence: 0.95, n: 20 };
 * assertEquals(judgeLimit(speedup, "at least", 1), { isMet: true, isCertain: true });
 * assertEquals(judgeLimit(speedup, "at least", 1.2), { isMet: true, isCertain: false });
 * ```
 */
export function judgeLimit(estimate: Estimate, direction: "at most" | "at least", limit: number): LimitVerdict {
  const isWithin = (value: number) => direction === "at most" ? value <= limit : value >= limit;
  const isMet = isWithin(estimate.value);
  return { isMet, isCertain: isWithin(estimate.low) === isMet && isWithin(estimate.high) === isMet };
}
