import { median, quantile } from "../stats/mod.ts";

/** A sample in a few numbers. */
export interface SampleSummary {
  /** How many numbers. */
  readonly n: number;
  /** The middle. */
  readonly median: number;
  /** The median distance from the middle. */
  readonly mad: number;
  /** How many lie beyond one and a half times the middle half's width outside of it: told, never left out. */
  readonly outliers: number;
}

/**
 * Sum a sample up.
 *
 * @param values Finite numbers
 * @returns The summary; `null` of none
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
