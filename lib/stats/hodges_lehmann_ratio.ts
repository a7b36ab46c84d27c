import { trimCount } from "./_trim_count.ts";
import type { Estimate, EstimateOptions } from "./estimate.ts";
import { median } from "./quantile.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * How many times as large the numbers of one sample are as those of another: the median of all quotients (Hodges and
 * Lehmann's estimate on the logarithms), with the interval that the exact Mann-Whitney distribution gives.
 *
 * @param values At least one positive number
 * @param base At least one positive number, what to compare with
 * @param options The confidence wanted
 * @returns Ratio and interval; `n` is the smaller of both sizes
 * @throws {RangeError} If a sample is empty, or holds what is not positive
 */
export function hodgesLehmannRatio(
  values: readonly number[],
  base: readonly number[],
  options: EstimateOptions = {},
): Estimate {
  const { confidence = 0.95 } = options;
  const odd = [...values, ...base].find((value) => !(value > 0));
  if (odd !== undefined) throw new RangeError(`Cannot take a ratio: ${odd} is not positive`);
  const quotients = sortedNumbers(values.flatMap((value) => base.map((other) => Math.log(value / other))));
  const trim = trimCount(mannWhitneyCounts(values.length, base.length), confidence);
  return {
    value: Math.exp(median(quotients)),
    low: Math.exp(quotients[trim.count]!),
    high: Math.exp(quotients[quotients.length - 1 - trim.count]!),
    confidence: trim.confidence,
    n: Math.min(values.length, base.length),
  };
}

/** How many orders of `n` and `m` different numbers give each value of the statistic, by sums alone, so that none is lost. */
function mannWhitneyCounts(n: number, m: number): readonly number[] {
  let row = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= n; i++) {
    const next = [Float64Array.of(1)];
    for (let j = 1; j <= m; j++) {
      const counts = new Float64Array(i * j + 1);
      counts.set(row[j]!, j);
      const left = next[j - 1]!;
      for (let at = 0; at < left.length; at++) counts[at]! += left[at]!;
      next.push(counts);
    }
    row = next;
  }
  return [...row[m]!];
}
