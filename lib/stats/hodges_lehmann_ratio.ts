import { trimCount } from "./_trim_count.ts";
import type { Estimate, EstimateOptions } from "./estimate.ts";
import { medianOfSorted } from "./quantile.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * Estimate the ratio between two samples: the median of all quotients (the Hodges-Lehmann estimate on logarithms), with
 * the interval from the exact Mann-Whitney distribution.
 *
 * @param values At least one positive number, the numerators
 * @param base At least one positive number, the denominators
 * @returns Ratio and interval; `n` is the size of the smaller sample
 * @throws {RangeError} If a sample is empty, or contains a number that is not positive and finite
 */
export function hodgesLehmannRatio(
  values: readonly number[],
  base: readonly number[],
  options: EstimateOptions = {},
): Estimate {
  const { confidence = 0.95 } = options;
  const invalid = [...values, ...base].find((value) => !(value > 0));
  if (invalid !== undefined) throw new RangeError(`Cannot take a ratio: ${invalid} is not positive`);
  const quotients = sortedNumbers(values.flatMap((value) => base.map((other) => Math.log(value / other))));
  const trim = trimCount(countsOf(values.length, base.length), confidence);
  return {
    value: Math.exp(medianOfSorted(quotients)),
    low: Math.exp(quotients[trim.count]!),
    high: Math.exp(quotients[quotients.length - 1 - trim.count]!),
    confidence: trim.confidence,
    n: Math.min(values.length, base.length),
  };
}

/** The last distribution: the samples of a report are of one size, and for eighty runs it takes longer than the rest. */
let last: { readonly n: number; readonly m: number; readonly counts: readonly number[] } | null = null;

function countsOf(n: number, m: number): readonly number[] {
  if (last?.n !== n || last.m !== m) last = { n, m, counts: mannWhitneyCounts(n, m) };
  return last.counts;
}

/**
 * For each value of the statistic, count the orders of `n` and `m` different numbers that produce it. Uses only
 * additions, so that no count loses precision to cancellation.
 */
function mannWhitneyCounts(n: number, m: number): readonly number[] {
  let row = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= n; i++) {
    const next = [Float64Array.of(1)];
    for (let j = 1; j <= m; j++) {
      const counts = new Float64Array(i * j + 1);
      counts.set(row[j]!, j);
      const left = next[j - 1]!;
      for (let index = 0; index < left.length; index++) counts[index]! += left[index]!;
      next.push(counts);
    }
    row = next;
  }
  return [...row[m]!];
}
