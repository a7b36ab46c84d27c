import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * Compute a quantile of a sample, with linear interpolation (type 7 of Hyndman and Fan).
 *
 * @param values At least one finite number
 * @param share Which quantile to compute, from 0 (the minimum) to 1 (the maximum)
 * @throws {RangeError} If the sample is empty, contains a number that is not finite, or the share is not in [0, 1]
 */
export function quantile(values: readonly number[], share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`Cannot take a quantile: ${share} is not from 0 to 1`);
  return quantileOfSorted(sortedNumbers(values), share);
}

/**
 * Compute the median of a sample.
 *
 * @param values At least one finite number
 * @returns The median; for an even count, the mean of the two middle numbers
 * @throws {RangeError} If the sample is empty, or contains a number that is not finite
 */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median of numbers that are already sorted, at least one. */
export function medianOfSorted(sorted: readonly number[]): number {
  return quantileOfSorted(sorted, 0.5);
}

function quantileOfSorted(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}
