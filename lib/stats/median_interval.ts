import { trimCount } from "./_trim_count.ts";
import type { Estimate, EstimateOptions } from "./estimate.ts";
import { medianOfSorted } from "./quantile.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * Estimate the median. The interval lies between two values of the sample, chosen by the sign test, and is valid for
 * any distribution.
 *
 * @param values At least one finite number
 * @returns Median and interval; for a single number the confidence is 0
 * @throws {RangeError} If the sample is empty, or contains a number that is not finite
 */
export function medianInterval(values: readonly number[], options: EstimateOptions = {}): Estimate {
  const { confidence = 0.95 } = options;
  const sorted = sortedNumbers(values);
  const n = sorted.length;
  const trim = trimCount(binomialRow(n), confidence);
  return {
    value: medianOfSorted(sorted),
    low: sorted[trim.count]!,
    high: sorted[n - 1 - trim.count]!,
    confidence: trim.confidence,
    n,
  };
}

/** For each k, count how many of the 2ⁿ ways to place n values above or below the median have k values above it. */
function binomialRow(n: number): readonly number[] {
  const row = [1];
  for (let k = 1; k <= n; k++) row.push(row[k - 1]! * (n - k + 1) / k);
  return row;
}
