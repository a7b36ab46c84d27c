/** A stretch of time, in any unit. */
export interface TimeStretch {
  /** When it begins. */
  readonly start: number;
  /** When it ends. */
  readonly end: number;
}

/**
 * How many stretches of time overlap at most; one that ends when another begins does not overlap it.
 *
 * @param intervals In any order
 * @returns The greatest number at one moment
 */
export function peakOverlap(intervals: readonly TimeStretch[]): number {
  const turns = intervals.flatMap(({ start, end }) => end > start ? [[start, 1], [end, -1]] as const : []);
  turns.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let open = 0;
  let peak = 0;
  for (const [, change] of turns) peak = Math.max(peak, open += change);
  return peak;
}
