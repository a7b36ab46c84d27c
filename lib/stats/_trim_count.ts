/** A number of values to leave out at each end, and what the rest is worth. */
export interface Trim {
  readonly count: number;
  readonly confidence: number;
}

/**
 * How many of the ordered candidates may be left out at each end so that the interval between the next two still has
 * the confidence. `counts[k]` is how many equally likely cases give the statistic `k`; the statistic is symmetric.
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
