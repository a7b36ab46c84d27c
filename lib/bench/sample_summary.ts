import { median, quantile } from "../stats/mod.ts";

/** Summary of a sample. */
export interface SampleSummary {
  /** Number of values. */
  readonly n: number;
  /** Median of the values. */
  readonly median: number;
  /** Median absolute deviation from the median. */
  readonly mad: number;
  /**
   * Number of values more than 1.5 interquartile ranges below the first or above the third quartile; they are reported,
   * but never removed.
   */
  readonly outliers: number;
}

/**
 * Summarize a sample.
 *
 * @param values Finite numbers
 * @returns The summary; `null` if there are no numbers
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { summarizeSample } from "@civitai-dl/civitai-dl/bench";
 *
 * assertEquals(summarizeSample([1, 2, 3, 4, 100]), { n: 5, median: 3, mad: 1, outliers: 1 });
 * ```
 */
export function summarizeSample(values: readonly number[]): SampleSummary | null {
  if (values.length === 0) return null;
  const middle = median(values);
  const first = quantile(values, 0.25);
  const third = quantile(values, 0.75);
  const reach = 1.5 * (third - first);
  return {
    n: values.length,
    median: middle,
    mad: median(values.map((value) => Math.abs(value - middle))),
    outliers: values.filter((value) => value < first - reach || value > third + reach).length,
  };
}
