/** A time interval, in any unit. */
export interface TimeStretch {
  /** Start of the interval. */
  readonly start: number;
  /** End of the interval, exclusive. */
  readonly end: number;
}

/**
 * Compute the maximum number of overlapping intervals. An interval that ends when another begins does not overlap it.
 *
 * @param intervals Intervals in any order; those without length are ignored
 * @returns The largest number of intervals that overlap at any time
 */
export function peakOverlap(intervals: readonly TimeStretch[]): number {
  const turns = intervals.flatMap(({ start, end }) => end > start ? [[start, 1], [end, -1]] as const : []);
  turns.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let open = 0;
  let peak = 0;
  for (const [, change] of turns) peak = Math.max(peak, open += change);
  return peak;
}
