import type { Estimate } from "../estimate.ts";
import { quantile } from "../quantile.ts";

/** Numbers of two sides that were measured together, such as all times of one round. */
export interface SampleCluster {
  /** Positive numbers of the first side. */
  readonly first: readonly number[];
  /** Positive numbers of the second side. */
  readonly second: readonly number[];
}

/** Options of {@linkcode pairedQuantileRatio}. */
export interface PairedQuantileRatioOptions {
  /** The quantile to compare, between 0 and 1: 0.99 for the 99th percentile. */
  readonly quantile: number;
  /** Random numbers from 0 to 1; seed them, so that equal samples give equal bounds. */
  readonly random: () => number;
}

const RESAMPLES = 1000;

/** A ratio between quantiles, of which bounds of any confidence can be taken. */
export interface PairedQuantileRatio {
  /** Quantile of the first side divided by that of the second. */
  readonly value: number;
  /** The smaller number of values of the two sides. */
  readonly n: number;
  /**
   * Return the ratio with bounds.
   *
   * @param confidence Confidence of each of the two one-sided bounds, between 0 and 1
   */
  boundsAt(confidence: number): Estimate;
}

/**
 * Estimate the ratio between a quantile of two sides. The bounds come from a bootstrap that draws whole clusters, with
 * both sides of each: numbers of one cluster may resemble each other, and what disturbs a cluster disturbs both sides.
 *
 * @throws {RangeError} If a side has no numbers, or a number is not positive and finite
 */
export function pairedQuantileRatio(
  clusters: readonly SampleCluster[],
  options: PairedQuantileRatioOptions,
): PairedQuantileRatio {
  const { random } = options;
  const first = new WeightedSample(clusters.map((one) => one.first), options.quantile);
  const second = new WeightedSample(clusters.map((one) => one.second), options.quantile);
  const n = Math.min(first.size, second.size);
  if (n === 0) throw new RangeError("Cannot take a ratio: a side has no numbers");
  const ratioFor = (weights: Uint32Array) => first.quantile(weights) / second.quantile(weights);
  const weights = new Uint32Array(clusters.length);
  const value = ratioFor(weights.fill(1));
  const logs = Array.from({ length: RESAMPLES }, () => {
    weights.fill(0);
    for (let draw = 0; draw < clusters.length; draw++) weights[Math.floor(random() * clusters.length)]! += 1;
    return Math.log(ratioFor(weights));
  }).filter(Number.isFinite);
  const bound = (share: number) => Math.exp(quantile(logs, share));
  return {
    value,
    n,
    boundsAt: (confidence) => ({ value, low: bound(1 - confidence), high: bound(confidence), confidence, n }),
  };
}

/** Smaller samples are kept whole. */
const MIN_KEPT = 1000;
/** Of larger ones, this many times the share above the quantile: no resample needs more. */
const KEPT_TIMES = 10;

/** All numbers of a side, of which each cluster can have a weight. */
class WeightedSample {
  readonly size: number;
  readonly #shareAbove: number;
  /** The largest numbers, in descending order. */
  readonly #values: Float64Array;
  /** The cluster of each of them. */
  readonly #clusters: Uint32Array;
  /** The size of each cluster. */
  readonly #counts: Uint32Array;

  constructor(clusters: readonly (readonly number[])[], share: number) {
    const all = Float64Array.from(clusters.flat());
    const invalid = all.find((value) => !(value > 0 && Number.isFinite(value)));
    if (invalid !== undefined) throw new RangeError(`Cannot take a ratio: ${invalid} is not positive`);
    this.size = all.length;
    this.#shareAbove = 1 - share;
    all.sort();
    const kept = Math.max(MIN_KEPT, Math.ceil(KEPT_TIMES * this.#shareAbove * all.length));
    const least = all[Math.max(0, all.length - kept)] ?? 0;
    const top = clusters.flatMap((values, cluster) =>
      values.filter((value) => value >= least).map((value) => [value, cluster] as const)
    );
    top.sort(([a], [b]) => b - a);
    this.#values = Float64Array.from(top, ([value]) => value);
    this.#clusters = Uint32Array.from(top, ([, cluster]) => cluster);
    this.#counts = Uint32Array.from(clusters, ({ length }) => length);
  }

  /** The smallest number that at least a share of the weighted numbers does not exceed; NaN without weight. */
  quantile(weights: Uint32Array): number {
    let total = 0;
    for (let cluster = 0; cluster < weights.length; cluster++) total += this.#counts[cluster]! * weights[cluster]!;
    const above = Math.floor(this.#shareAbove * total + 1e-9);
    let seen = 0;
    for (let index = 0; index < this.#clusters.length; index++) {
      seen += weights[this.#clusters[index]!]!;
      if (seen > above) return this.#values[index]!;
    }
    return NaN;
  }
}
