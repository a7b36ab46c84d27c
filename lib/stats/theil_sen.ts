import { tiedVariance } from "./_tied_variance.ts";
import type { EstimateOptions } from "./estimate.ts";
import { normalQuantile } from "./normal_quantile.ts";
import { selectInPlace } from "./_select_in_place.ts";
import { requireNumbers } from "./sorted_numbers.ts";

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
  [xs, ys].forEach(requireNumbers);
  const slopes = slopesBetween(xs, ys);
  if (slopes.length === 0) throw new RangeError("Cannot fit a slope: all x values are equal");
  const reach = normalQuantile((1 - confidence) / 2) * Math.sqrt(tiedVariance(ys));
  const below = reach === 0 ? 0 : Math.floor((slopes.length - reach) / 2) - 1;
  const above = slopes.length - 1 - below;
  const half = Math.floor((slopes.length - 1) / 2);
  // From the smallest position to the largest: each leaves the numbers behind it in the rest of the array.
  const low = below < 0 ? -Infinity : selectInPlace(slopes, below);
  const middle = selectInPlace(slopes, half, Math.max(0, below));
  const next = slopes.length % 2 === 1 ? middle : selectInPlace(slopes, half + 1, half);
  const high = below < 0 ? Infinity : selectInPlace(slopes, above, half);
  return { slope: middle + (next - middle) / 2, low, high };
}

/** The slopes between all pairs of points that differ in x. */
function slopesBetween(xs: readonly number[], ys: readonly number[]): Float64Array {
  const slopes = new Float64Array(xs.length * (xs.length - 1) / 2);
  let count = 0;
  for (let i = 1; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    for (let j = 0; j < i; j++) {
      const run = x - xs[j]!;
      if (run !== 0) slopes[count++] = (y - ys[j]!) / run;
    }
  }
  return slopes.subarray(0, count);
}
