import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * The value below which a share of a sample lies, linear between neighbours (Hyndman and Fan's type 7).
 *
 * @param values At least one finite number
 * @param share From 0, the least, to 1, the greatest
 * @returns The quantile
 * @throws {RangeError} If the sample is empty, or the share is not in [0, 1]
 */
export function quantile(values: readonly number[], share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`Cannot take a quantile: ${share} is not from 0 to 1`);
  const sorted = sortedNumbers(values);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/**
 * The middle of a sample.
 *
 * @param values At least one finite number
 * @returns The median
 * @throws {RangeError} If the sample is empty
 */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
