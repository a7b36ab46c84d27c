import { bucketQuantile } from "../../metrics/mod.ts";

/**
 * Upper bounds of the buckets, from 1 ms to more than a year. Each is 5% above the previous, so the error of quantiles
 * is at most 5%.
 */
const BOUNDS: readonly number[] = Array.from({ length: 500 }, (_, index) => 1.05 ** index);

/** The state of a histogram that is stored, to continue it later. */
export interface LatencyState {
  /** The buckets that are not empty, each as its index and count. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  /** The greatest value in milliseconds; 0 if there are no values. */
  readonly maxMs: number;
}

/**
 * A histogram of durations with a fixed number of buckets: a week of durations takes no more memory than a minute.
 */
export class LatencyHistogram {
  readonly #counts: number[];
  #maxMs = 0;
  #count = 0;

  /**
   * Create an empty histogram, or continue an earlier one.
   *
   * @param state The state of an earlier histogram
   */
  constructor(state: LatencyState = { buckets: [], maxMs: 0 }) {
    this.#counts = new Array<number>(BOUNDS.length + 1).fill(0);
    this.#maxMs = state.maxMs;
    for (const [bucket, count] of state.buckets) {
      this.#counts[bucket]! += count;
      this.#count += count;
    }
  }

  /** The number of recorded values. */
  get count(): number {
    return this.#count;
  }

  /** The exact greatest value in milliseconds; 0 if there are no values. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** The state from which the histogram can be continued. */
  get state(): LatencyState {
    const buckets = [...this.#counts.entries()].filter(([, count]) => count > 0);
    return { buckets, maxMs: this.#maxMs };
  }

  /**
   * Record a value.
   *
   * @param ms The duration in milliseconds, finite and not negative
   * @param times How often to count it
   * @throws {RangeError} If the duration is negative, infinite or NaN
   */
  record(ms: number, times = 1): void {
    if (!(ms >= 0 && ms < Infinity)) {
      throw new RangeError(`Cannot record ${ms} ms: a duration must be finite and not negative`);
    }
    const bucket = ms <= 1 ? 0 : Math.min(BOUNDS.length, Math.ceil(Math.log(ms) / Math.log(1.05) - 1e-9));
    this.#counts[bucket]! += times;
    this.#count += times;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /**
   * Estimate a quantile.
   *
   * @param share The quantile from 0 to 1, such as 0.99
   * @returns The quantile in milliseconds, with an error of at most 5%; `null` if there are no values
   */
  quantile(share: number): number | null {
    const value = bucketQuantile(BOUNDS, this.#counts, share);
    return value === null ? null : Math.min(value, this.#maxMs);
  }
}
