import { tiedVariance } from "./_tied_variance.ts";
import type { EstimateOptions } from "./estimate.ts";
import { normalQuantile } from "./normal_quantile.ts";
import { medianOfSorted } from "./quantile.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/** A slope with its confidence interval. */
export interface SlopeEstimate {
  /** Change of y per unit of x: the median of the slopes between all pairs of points. */
  readonly slope: number;
  /** Lower end of the interval; `-Infinity` if there are too few points for a bound. */
  readonly low: number;
  /** Upper end of the interval; `Infinity` if there are too few points for a bound. */
  readonly high: number;
}

/**
 * Estimate the slope of a series as the median of the slopes between all pairs of points, with Sen's two-sided
 * interval. The estimate tolerates up to 29% of outliers. Time and memory grow with the square of the number of points:
 * a thousand points are half a million pairs.
 *
 * @param xs Finite numbers, at least two of them different
 * @param ys Finite numbers, one for each x
 * @param options Requested confidence
 * @returns Slope and interval
 * @throws {RangeError} If the counts differ, all xs are equal, or a number is not finite
 */
export function theilSen(
  xs: readonly number[],
  ys: readonly number[],
  options: EstimateOptions = {},
): SlopeEstimate {
  const { confidence = 0.95 } = options;
  if (xs.length !== ys.length) {
    throw new RangeError(`Cannot fit a slope: ${xs.length} x values and ${ys.length} y values`);
  }
  [xs, ys].forEach(sortedNumbers);
  const slopes: number[] = [];
  for (let i = 1; i < xs.length; i++) {
    for (let j = 0; j < i; j++) if (xs[i] !== xs[j]) slopes.push((ys[i]! - ys[j]!) / (xs[i]! - xs[j]!));
  }
  if (slopes.length === 0) throw new RangeError("Cannot fit a slope: all x values are equal");
  const sorted = sortedNumbers(slopes);
  const reach = normalQuantile((1 - confidence) / 2) * Math.sqrt(tiedVariance(ys));
  const below = Math.floor((sorted.length - reach) / 2) - 1;
  return {
    slope: medianOfSorted(sorted),
    low: reach === 0 ? sorted[0]! : sorted[below] ?? -Infinity,
    high: reach === 0 ? sorted.at(-1)! : sorted[sorted.length - 1 - below] ?? Infinity,
  };
}
