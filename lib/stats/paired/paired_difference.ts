import { rateLowerEnd } from "../_rate_lower_end.ts";
import type { Estimate } from "../estimate.ts";

/** Pairs of trials that were made together, such as all downloads of one round, and may therefore resemble each other. */
export interface PairCluster {
  /** Number of pairs. */
  readonly pairs: number;
  /** Pairs in which the event occurred only on the first side. */
  readonly onlyFirst: number;
  /** Pairs in which the event occurred only on the second side. */
  readonly onlySecond: number;
}

/** Options of {@linkcode pairedDifference}. */
export interface PairedDifferenceOptions {
  /**
   * Confidence of each of the two one-sided bounds, between 0 and 1.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
}

/**
 * Estimate the difference between the rates of an event on two sides, from pairs of trials under the same conditions:
 * what happens on both sides cancels out. Each share of pairs in which only one side had the event gets exact bounds
 * (Clopper and Pearson); the bounds of the difference are combined from them (Zou and Donner). If pairs of one cluster
 * resemble each other, the counts are divided by the design effect before that (Korn and Graubard), which is the
 * variance between clusters, divided by that of independent pairs.
 *
 * @returns Rate of the first side minus that of the second, with one-sided bounds; `n` is the number of pairs
 * @throws {RangeError} If there are no pairs, a count is invalid, or the confidence is not between 0 and 1
 */
export function pairedDifference(clusters: readonly PairCluster[], options: PairedDifferenceOptions = {}): Estimate {
  const { confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`Cannot bound a difference: confidence ${confidence} is not between 0 and 1`);
  }
  const invalid = clusters.find(({ pairs, onlyFirst, onlySecond }) =>
    [pairs, onlyFirst, onlySecond].some((count) => !Number.isSafeInteger(count) || count < 0) ||
    onlyFirst + onlySecond > pairs
  );
  if (invalid !== undefined) {
    const { pairs, onlyFirst, onlySecond } = invalid;
    throw new RangeError(`Cannot bound a difference: ${onlyFirst} and ${onlySecond} of ${pairs} are no valid counts`);
  }
  const n = sum(clusters, ({ pairs }) => pairs);
  if (n === 0) throw new RangeError("Cannot bound a difference: there are no pairs");
  const first = sum(clusters, ({ onlyFirst }) => onlyFirst) / n;
  const second = sum(clusters, ({ onlySecond }) => onlySecond) / n;
  const value = first - second;
  const trials = n / designEffect(clusters, { n, first, second });
  const alpha = 1 - confidence;
  const lowOf = (share: number) => rateLowerEnd(share * trials, trials, alpha);
  const highOf = (share: number) => 1 - rateLowerEnd((1 - share) * trials, trials, alpha);
  return {
    value,
    low: value - Math.hypot(first - lowOf(first), highOf(second) - second),
    high: value + Math.hypot(highOf(first) - first, second - lowOf(second)),
    confidence,
    n,
  };
}

/** How many times as much the difference varies as that of as many independent pairs would; at least 1. */
function designEffect(
  clusters: readonly PairCluster[],
  { n, first, second }: { readonly n: number; readonly first: number; readonly second: number },
): number {
  const value = first - second;
  const independent = (first + second - value ** 2) / n;
  const count = clusters.filter(({ pairs }) => pairs > 0).length;
  if (independent <= 0 || count < 2) return 1;
  const squares = sum(
    clusters,
    ({ pairs, onlyFirst, onlySecond }) => (onlyFirst - onlySecond - value * pairs) ** 2,
  );
  return Math.max(1, count / (count - 1) * squares / n ** 2 / independent);
}

function sum(clusters: readonly PairCluster[], of: (cluster: PairCluster) => number): number {
  return clusters.reduce((total, cluster) => total + of(cluster), 0);
}
