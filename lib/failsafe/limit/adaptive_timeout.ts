/** Options of {@linkcode AdaptiveTimeout}. */
export interface AdaptiveTimeoutOptions {
  /**
   * Never less than this, in milliseconds.
   *
   * @default {10000}
   */
  readonly minMs?: number;
  /**
   * Never more than this, in milliseconds.
   *
   * @default {120000}
   */
  readonly maxMs?: number;
}

interface Latency {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * A time limit per host that follows what the host has shown: the smoothed mean and four times the deviation (the
 * retransmission timer of RFC 6298, sections 2 and 5.5), ten times over, since a storage that answers in a second may
 * well need ten for a cold object. A limit that was met doubles until an answer comes.
 */
export class AdaptiveTimeout {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #hosts = new Map<string, Latency>();
  readonly #backoff = new Map<string, number>();

  /**
   * Make one.
   *
   * @param options Bounds
   */
  constructor(options: AdaptiveTimeoutOptions = {}) {
    const { minMs = 10_000, maxMs = 120_000 } = options;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  /** The limit for a host now; `initialMs` for one that is not known yet. */
  timeoutMs(host: string, initialMs: number): number {
    const latency = this.#hosts.get(host);
    const base = latency === undefined ? initialMs : 10 * (latency.mean + 4 * latency.deviation);
    const bounded = Math.max(this.#minMs, base) * (this.#backoff.get(host) ?? 1);
    return Math.min(this.#maxMs, bounded);
  }

  /** An answer came after so many milliseconds. */
  answered(host: string, ms: number): void {
    this.#backoff.delete(host);
    const before = this.#hosts.get(host);
    if (before === undefined) {
      this.#hosts.set(host, { mean: ms, deviation: ms / 2 });
      return;
    }
    const deviation = 0.75 * before.deviation + 0.25 * Math.abs(before.mean - ms);
    this.#hosts.set(host, { mean: 0.875 * before.mean + 0.125 * ms, deviation });
  }

  /** The limit was met without an answer. */
  expired(host: string): void {
    this.#backoff.set(host, Math.min(16, (this.#backoff.get(host) ?? 1) * 2));
  }
}
