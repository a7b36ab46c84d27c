import { tiedVariance } from "./_tied_variance.ts";
import { normalTail } from "./normal_tail.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/** What the test says. */
export interface MannKendallResult {
  /** Pairs that rise less pairs that fall. */
  readonly s: number;
  /** The same in standard deviations, with correction for continuity. */
  readonly z: number;
  /** The chance of so much rise or more in a series without a trend: one-sided. */
  readonly p: number;
}

/**
 * Test whether a series rises. Sees any trend, a warm-up curve as well as a leak, so it never suffices alone.
 *
 * @param values In order of time, finite, at least one
 * @returns Statistic and p-value; 1 if all values are equal
 * @throws {RangeError} If the series is empty, or holds what is not finite
 */
export function mannKendall(values: readonly number[]): MannKendallResult {
  sortedNumbers(values);
  let s = 0;
  for (let i = 1; i < values.length; i++) {
    for (let j = 0; j < i; j++) s += Math.sign(values[i]! - values[j]!);
  }
  const variance = tiedVariance(values);
  if (variance === 0) return { s, z: 0, p: 1 };
  const z = (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, z, p: normalTail(z) };
}
