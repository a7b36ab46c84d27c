import { median } from "./quantile.ts";

/**
 * Compute the median of all quotients between two samples: the Hodges-Lehmann estimate of their ratio, without the
 * interval of `hodgesLehmannRatio`, which takes longer.
 *
 * @param values At least one positive number, the numerators
 * @param base At least one positive number, the denominators
 * @returns The ratio
 * @throws {RangeError} If a sample is empty, or contains a number that is not positive and finite
 */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  const invalid = [...values, ...base].find((value) => !(value > 0));
  if (invalid !== undefined) throw new RangeError(`Cannot take a ratio: ${invalid} is not positive`);
  return Math.exp(median(values.flatMap((value) => base.map((other) => Math.log(value / other)))));
}
