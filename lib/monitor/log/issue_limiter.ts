import { type Clock, systemClock } from "../../base/mod.ts";

/** Options of {@linkcode IssueLimiter}. */
export interface IssueLimiterOptions {
  /**
   * Interval after which a repeated kind is let through again, in milliseconds.
   *
   * @default {600000}
   */
  readonly everyMs?: number | undefined;
  /**
   * How many issues of a kind are let through before that interval applies.
   *
   * @default {1}
   */
  readonly burst?: number | undefined;
  /**
   * How many kinds are remembered; beyond that, the least recently seen kind is forgotten.
   *
   * @default {256}
   */
  readonly maxKinds?: number | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What to do with an issue. */
export interface IssueDecision {
  /** Whether the issue should be reported. */
  readonly isAllowed: boolean;
  /** How many of its kind were suppressed since the last one that was let through. */
  readonly suppressed: number;
}

interface Bucket {
  tokens: number;
  at: number;
  suppressed: number;
}

/**
 * Limits the rate of repeated issues: lets each new kind through immediately, and its repetitions once per interval.
 * Each kind has a token bucket.
 */
export class IssueLimiter {
  readonly #everyMs: number;
  readonly #burst: number;
  readonly #maxKinds: number;
  readonly #clock: Clock;
  /** Least recently seen first. */
  readonly #buckets = new Map<string, Bucket>();

  /** Create a limiter that has not seen any issue. */
  constructor(options: IssueLimiterOptions = {}) {
    const { everyMs = 600_000, burst = 1, maxKinds = 256, clock = systemClock } = options;
    this.#everyMs = everyMs;
    this.#burst = burst;
    this.#maxKinds = maxKinds;
    this.#clock = clock;
  }

  /**
   * Count one issue, and decide whether it passes.
   *
   * @param kind Its kind, such as `timeout:failed`
   * @returns Whether to report it, and how many of its kind were suppressed
   */
  admit(kind: string): IssueDecision {
    const now = this.#clock.monotonic();
    const bucket = this.#buckets.get(kind) ?? { tokens: this.#burst, at: now, suppressed: 0 };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) / this.#everyMs);
    bucket.at = now;
    this.#buckets.delete(kind);
    this.#buckets.set(kind, bucket);
    if (this.#buckets.size > this.#maxKinds) this.#buckets.delete(this.#buckets.keys().next().value!);
    // Adding many small fractions of a token yields slightly less than one.
    const isAllowed = bucket.tokens >= 1 - 1e-6;
    const { suppressed } = bucket;
    if (isAllowed) {
      bucket.tokens = Math.max(0, bucket.tokens - 1);
      bucket.suppressed = 0;
      return { isAllowed, suppressed };
    }
    bucket.suppressed++;
    return { isAllowed, suppressed: bucket.suppressed };
  }

  /** How many issues were suppressed and not reported yet, by kind. */
  suppressed(): ReadonlyMap<string, number> {
    const held = [...this.#buckets].filter(([, bucket]) => bucket.suppressed > 0);
    return new Map(held.map(([kind, bucket]) => [kind, bucket.suppressed]));
  }
}
