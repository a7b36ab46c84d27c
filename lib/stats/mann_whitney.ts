import { normalTail } from "./normal_tail.ts";
import { sortedNumbers } from "./sorted_numbers.ts";

/**
 * Maximum product of the sample sizes for an exact p-value. Above it, the normal approximation is used, with corrections
 * for ties and continuity.
 */
const MAX_EXACT = 400;

/** Result of the Mann-Whitney test. */
export interface MannWhitneyResult {
  /**
   * Number of pairs in which the number from the first sample is less than the one from the second; a tie counts half.
   */
  readonly u: number;
  /** Two-sided p-value: the probability of at least this difference if both samples are from the same distribution. */
  readonly pValue: number;
}

/**
 * Test whether the numbers of one sample tend to be less or greater than those of another, without assuming a
 * distribution.
 *
 * @param first At least one finite number
 * @param second At least one finite number
 * @returns Statistic and p-value, two-sided
 * @throws {RangeError} If a sample is empty, or contains a number that is not finite
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitneyResult {
  const n = sortedNumbers(first).length;
  const m = sortedNumbers(second).length;
  const { rankOf, ties } = doubledRanks([...first, ...second]);
  const observed = first.reduce((sum, value) => sum + rankOf.get(value)!, 0);
  const u = n * m + n * (n + 1) / 2 - observed / 2;
  const pValue = n * m <= MAX_EXACT
    ? exactP([...first, ...second].map((value) => rankOf.get(value)!), n, observed)
    : normalP(u, { n, m, ties });
  return { u, pValue };
}

/**
 * Compute twice the mean rank of each value, so that all ranks are integers, and the sizes of the groups of equal
 * values.
 */
function doubledRanks(
  values: readonly number[],
): { readonly rankOf: ReadonlyMap<number, number>; readonly ties: readonly number[] } {
  const sorted = sortedNumbers(values);
  const rankOf = new Map<number, number>();
  const ties: number[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    rankOf.set(sorted[start]!, start + 1 + end);
    ties.push(end - start);
    start = end;
  }
  return { rankOf, ties };
}

/**
 * Compute the share of all choices of `n` ranks with a sum that is at least as far from the mean as the observed one.
 * The choices are counted by their sum with dynamic programming.
 */
function exactP(ranks: readonly number[], n: number, observed: number): number {
  const greatest = ranks.toSorted((a, b) => b - a).slice(0, n).reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(greatest + 1));
  ways[0]![0] = 1;
  for (const rank of ranks) {
    for (let size = n - 1; size >= 0; size--) {
      const from = ways[size]!;
      const to = ways[size + 1]!;
      for (let sum = greatest - rank; sum >= 0; sum--) to[sum + rank]! += from[sum]!;
    }
  }
  const middle = n * (ranks.length + 1);
  const distance = Math.abs(observed - middle);
  const total = ways[n]!.reduce((sum, count) => sum + count, 0);
  return ways[n]!.reduce((sum, count, rankSum) => Math.abs(rankSum - middle) >= distance ? sum + count : sum, 0) /
    total;
}

function normalP(
  u: number,
  facts: { readonly n: number; readonly m: number; readonly ties: readonly number[] },
): number {
  const { n, m, ties } = facts;
  const all = n + m;
  const tied = ties.reduce((sum, t) => sum + (t ** 3 - t), 0);
  const variance = n * m / 12 * (all + 1 - tied / (all * (all - 1)));
  if (variance === 0) return 1;
  const distance = Math.max(0, Math.abs(u - n * m / 2) - 0.5);
  return Math.min(1, 2 * normalTail(distance / Math.sqrt(variance)));
}
