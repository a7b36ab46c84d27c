import { bucketQuantile } from "../../metrics/mod.ts";

/** Each bound 5 % above the one before, from a millisecond to a year: no quantile is off by more than that. */
const BOUNDS: readonly number[] = Array.from({ length: 500 }, (_, index) => 1.05 ** index);

/** What of a histogram is kept over a restart: pairs of a bucket and its count. */
export interface LatencyState {
  /** Only buckets that hold something. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  /** The greatest value, in milliseconds. */
  readonly maxMs: number;
}

/** Durations in a fixed number of buckets: a week of them takes no more memory than a minute. */
export class LatencyHistogram {
  readonly #counts: number[];
  #maxMs = 0;
  #count = 0;

  /**
   * Make one.
   *
   * @param state What an earlier one held
   */
  constructor(state: LatencyState = { buckets: [], maxMs: 0 }) {
    this.#counts = new Array<number>(BOUNDS.length + 1).fill(0);
    this.#maxMs = state.maxMs;
    for (const [bucket, count] of state.buckets) {
      this.#counts[bucket]! += count;
      this.#count += count;
    }
  }

  /** How many values. */
  get count(): number {
    return this.#count;
  }

  /** The greatest one in milliseconds; 0 without any. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** What a later one needs to go on. */
  get state(): LatencyState {
    const buckets = [...this.#counts.entries()].filter(([, count]) => count > 0);
    return { buckets, maxMs: this.#maxMs };
  }

  /**
   * Count a value.
   *
   * @param ms Milliseconds, finite and not negative
   * @param times How often it was seen
   * @throws {RangeError} If it is neither
   */
  record(ms: number, times = 1): void {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`Cannot record ${ms} ms: a duration is finite`);
    const bucket = ms <= 1 ? 0 : Math.min(BOUNDS.length, Math.ceil(Math.log(ms) / Math.log(1.05) - 1e-9));
    this.#counts[bucket]! += times;
    this.#count += times;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /**
   * Estimate a quantile.
   *
   * @param share From 0 to 1
   * @returns Milliseconds, at most 5 % off; `null` without values
   */
  quantile(share: number): number | null {
    const value = bucketQuantile(BOUNDS, this.#counts, share);
    return value === null ? null : Math.min(value, this.#maxMs);
  }
}
