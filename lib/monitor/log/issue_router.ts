import { type Clock, systemClock } from "../../base/mod.ts";

/** Options of {@linkcode IssueRouter}. */
export interface IssueRouterOptions {
  /**
   * A kind that repeats is let through once in so long.
   *
   * @default {600000}
   */
  readonly everyMs?: number | undefined;
  /**
   * So many of a kind may come at once before that.
   *
   * @default {1}
   */
  readonly burst?: number | undefined;
  /**
   * Kinds that are remembered; beyond it the one that was seen longest ago is forgotten.
   *
   * @default {256}
   */
  readonly maxKinds?: number | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What to do with an issue. */
export interface IssueDecision {
  /** Whether it is to be handled. */
  readonly isLetThrough: boolean;
  /** How many of its kind were held back since the last that was let through. */
  readonly suppressed: number;
}

interface Bucket {
  tokens: number;
  at: number;
  suppressed: number;
}

/** Lets each new kind of trouble through at once, and its repetitions now and then: a bucket of tokens a kind. */
export class IssueRouter {
  readonly #everyMs: number;
  readonly #burst: number;
  readonly #maxKinds: number;
  readonly #clock: Clock;
  /** In the order in which they were last seen. */
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Make one.
   *
   * @param options Rates, clock
   */
  constructor(options: IssueRouterOptions = {}) {
    const { everyMs = 600_000, burst = 1, maxKinds = 256, clock = systemClock } = options;
    this.#everyMs = everyMs;
    this.#burst = burst;
    this.#maxKinds = maxKinds;
    this.#clock = clock;
  }

  /**
   * See one issue.
   *
   * @param kind Its kind
   * @returns Whether to handle it, and how many were not
   */
  see(kind: string): IssueDecision {
    const now = this.#clock.monotonic();
    const bucket = this.#buckets.get(kind) ?? { tokens: this.#burst, at: now, suppressed: 0 };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) / this.#everyMs);
    bucket.at = now;
    this.#buckets.delete(kind);
    this.#buckets.set(kind, bucket);
    if (this.#buckets.size > this.#maxKinds) this.#buckets.delete(this.#buckets.keys().next().value!);
    // Many small shares of a token add up to a little less than one.
    const isLetThrough = bucket.tokens >= 1 - 1e-6;
    const { suppressed } = bucket;
    if (isLetThrough) {
      bucket.tokens = Math.max(0, bucket.tokens - 1);
      bucket.suppressed = 0;
      return { isLetThrough, suppressed };
    }
    bucket.suppressed++;
    return { isLetThrough, suppressed: bucket.suppressed };
  }

  /** What was held back and not told yet, by kind. */
  suppressed(): ReadonlyMap<string, number> {
    const held = [...this.#buckets].filter(([, bucket]) => bucket.suppressed > 0);
    return new Map(held.map(([kind, bucket]) => [kind, bucket.suppressed]));
  }
}
