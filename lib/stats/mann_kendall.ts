import { tiedVariance } from "./_tied_variance.ts";
import { normalTail } from "./normal_tail.ts";
import { requireNumbers } from "./sorted_numbers.ts";

/** Result of the Mann-Kendall test. */
export interface MannKendallResult {
  /** Number of pairs that rise minus number of pairs that fall. */
  readonly s: number;
  /** `s` in standard deviations, with continuity correction. */
  readonly z: number;
  /** One-sided p-value: the probability of at least this `s` in a series without a trend. */
  readonly p: number;
}

/**
 * Test whether a series rises. The test detects any upward trend, which may be a warm-up curve as well as a leak, so it
 * must not be the only evidence of a leak.
 *
 * @param values Finite numbers in order of time, at least one
 * @returns Statistic and p-value; `p` is 1 if all values are equal
 * @throws {RangeError} If the series is empty, or contains a number that is not finite
 */
export function mannKendall(values: readonly number[]): MannKendallResult {
  requireNumbers(values);
  let s = 0;
  for (let i = 1; i < values.length; i++) {
    for (let j = 0; j < i; j++) s += Math.sign(values[i]! - values[j]!);
  }
  const variance = tiedVariance(values);
  if (variance === 0) return { s, z: 0, p: 1 };
  const z = (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, z, p: normalTail(z) };
}
