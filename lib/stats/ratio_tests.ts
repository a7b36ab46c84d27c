import { mannWhitney } from "./mann_whitney.ts";

/** One-sided p-values of a ratio against a limit. */
export interface RatioTests {
  /** Probability of samples like these if the ratio is the limit or more: a small one shows that it is below. */
  readonly pBelow: number;
  /** Probability of samples like these if the ratio is the limit or less: a small one shows that it is above. */
  readonly pAbove: number;
}

/**
 * Test the ratio between two samples against a limit, on both sides of it, by the Mann-Whitney test of the numerators
 * against the denominators times the limit. A limit of 1.05 is a non-inferiority test with a margin of 5 %.
 *
 * @param values At least one positive number, the numerators
 * @param base At least one positive number, the denominators
 * @param limit The ratio to test, above 0
 * @throws {RangeError} If a sample is empty, or a number or the limit is not positive and finite
 */
export function ratioTests(values: readonly number[], base: readonly number[], limit: number): RatioTests {
  const invalid = [...values, ...base, limit].find((value) => !(value > 0 && value < Infinity));
  if (invalid !== undefined) throw new RangeError(`Cannot test a ratio: ${invalid} is not positive and finite`);
  const { u, pValue } = mannWhitney(values, base.map((value) => value * limit));
  const near = pValue / 2;
  const far = 1 - near;
  // `u` counts the pairs whose quotient is below the limit.
  return u > values.length * base.length / 2 ? { pBelow: near, pAbove: far } : { pBelow: far, pAbove: near };
}
