import { trimCount } from "../_trim_count.ts";
import type { Estimate, EstimateOptions } from "../estimate.ts";
import { medianOfSorted } from "../quantile.ts";
import { sortedNumbers } from "../sorted_numbers.ts";

/**
 * Estimate the ratio between two samples of paired numbers. Each pair is measured in the same round, so that anything
 * that slows down a whole round cancels out. The estimate is the median of all pairwise means of the log ratios
 * (Hodges-Lehmann), with the interval from the exact Wilcoxon signed-rank distribution. Five pairs give a confidence of
 * 93.75%; at least six are needed for 95%.
 *
 * @param values At least one positive number, the numerators
 * @param base The number that each value is paired with, in the same order; the denominators
 * @returns Ratio and interval; `n` is the number of pairs
 * @throws {RangeError} If there are no pairs, the counts differ, or a number is not positive and finite
 */
export function pairedRatio(
  values: readonly number[],
  base: readonly number[],
  options: EstimateOptions = {},
): Estimate {
  const { confidence = 0.95 } = options;
  if (values.length !== base.length) {
    throw new RangeError(`Cannot pair ${values.length} numbers with ${base.length}: the counts differ`);
  }
  const invalid = [...values, ...base].find((value) => !(value > 0));
  if (invalid !== undefined) throw new RangeError(`Cannot take a ratio: ${invalid} is not positive`);
  const logs = values.map((value, index) => Math.log(value / base[index]!));
  const means = sortedNumbers(logs.flatMap((log, index) => logs.slice(index).map((other) => (log + other) / 2)));
  const trim = trimCount(signedRankCounts(logs.length), confidence);
  return {
    value: Math.exp(medianOfSorted(means)),
    low: Math.exp(means[trim.count]!),
    high: Math.exp(means[means.length - 1 - trim.count]!),
    confidence: trim.confidence,
    n: logs.length,
  };
}

/** For each sum of the ranks 1 to n, count how many of the 2ⁿ choices of signs produce it. */
function signedRankCounts(n: number): readonly number[] {
  let counts = [1];
  for (let rank = 1; rank <= n; rank++) {
    counts = Array.from(
      { length: counts.length + rank },
      (_, index) => (counts[index] ?? 0) + (counts[index - rank] ?? 0),
    );
  }
  return counts;
}
