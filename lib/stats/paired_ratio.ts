import { trimCount } from "./_trim_count.ts";
import type { Estimate, EstimateOptions } from "./estimate.ts";
import { median } from "./quantile.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * How many times as large the numbers of one sample are as their partners in another, measured in the same round: what
 * slows a whole round down cancels. The median of the means of all two pairs' logarithms, with the interval that the
 * exact Wilcoxon signed-rank distribution gives. Five pairs give an interval of 93.75 %, six one of 95 %.
 *
 * @param values At least one positive number
 * @param base Their partners, in the same order
 * @param options The confidence wanted
 * @returns Ratio and interval
 * @throws {RangeError} If there are no pairs, or a number is not positive
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
  const odd = [...values, ...base].find((value) => !(value > 0));
  if (odd !== undefined) throw new RangeError(`Cannot take a ratio: ${odd} is not positive`);
  const logs = values.map((value, index) => Math.log(value / base[index]!));
  const means = sortedNumbers(logs.flatMap((log, index) => logs.slice(index).map((other) => (log + other) / 2)));
  const trim = trimCount(signedRankCounts(logs.length), confidence);
  return {
    value: Math.exp(median(means)),
    low: Math.exp(means[trim.count]!),
    high: Math.exp(means[means.length - 1 - trim.count]!),
    confidence: trim.confidence,
    n: logs.length,
  };
}

/** How many of the 2ⁿ choices of signs give each sum of the ranks 1 to n. */
function signedRankCounts(n: number): readonly number[] {
  let counts = [1];
  for (let rank = 1; rank <= n; rank++) {
    counts = Array.from({ length: counts.length + rank }, (_, at) => (counts[at] ?? 0) + (counts[at - rank] ?? 0));
  }
  return counts;
}
