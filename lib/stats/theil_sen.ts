import { tiedVariance } from "./_tied_variance.ts";
import type { EstimateOptions } from "./estimate.ts";
import { normalQuantile } from "./normal_quantile.ts";
import { median } from "./quantile.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/** A slope with the interval that it is in. */
export interface SlopeEstimate {
  /** Per unit of x: the median of the slopes between all pairs. */
  readonly slope: number;
  /** Lower end of the interval; minus infinity where so few points bound nothing. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
}

/**
 * The slope of a series by the median of the slopes between all pairs, which a third of outliers does not move, with
 * Sen's two-sided interval. Takes time and memory by the square of the points: a thousand are half a million pairs.
 *
 * @param xs Finite, at least two that differ
 * @param ys As many, finite
 * @param options The confidence wanted
 * @returns Slope and interval
 * @throws {RangeError} If the counts differ, no two xs do, or a number is not finite
 */
export function theilSen(
  xs: readonly number[],
  ys: readonly number[],
  options: EstimateOptions = {},
): SlopeEstimate {
  const { confidence = 0.95 } = options;
  if (xs.length !== ys.length) throw new RangeError(`Cannot fit ${ys.length} values to ${xs.length} places`);
  [xs, ys].forEach(sortedNumbers);
  const slopes: number[] = [];
  for (let i = 1; i < xs.length; i++) {
    for (let j = 0; j < i; j++) if (xs[i] !== xs[j]) slopes.push((ys[i]! - ys[j]!) / (xs[i]! - xs[j]!));
  }
  if (slopes.length === 0) throw new RangeError("Cannot fit a slope: no two places differ");
  const sorted = sortedNumbers(slopes);
  const reach = normalQuantile((1 - confidence) / 2) * Math.sqrt(tiedVariance(ys));
  const below = Math.floor((sorted.length - reach) / 2) - 1;
  return {
    slope: median(sorted),
    low: reach === 0 ? sorted[0]! : sorted[below] ?? -Infinity,
    high: reach === 0 ? sorted.at(-1)! : sorted[sorted.length - 1 - below] ?? Infinity,
  };
}
