/** The number of values to drop at each end, and the confidence of the interval that remains. */
export interface Trim {
  readonly count: number;
  readonly confidence: number;
}

/**
 * Count how many of the sorted values can be dropped at each end so that the interval between the outermost remaining
 * values still has the requested confidence. `counts[k]` is the number of equally likely cases in which the statistic
 * is `k`; its distribution must be symmetric.
 */
export function trimCount(counts: readonly number[], confidence: number): Trim {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = counts[0]!;
  let count = 0;
  while (1 - 2 * (below + counts[count + 1]!) / total >= confidence) {
    below += counts[++count]!;
  }
  return { count, confidence: 1 - 2 * below / total };
}
