import { RETRY_POLICY } from "../retry/retry_policy.ts";

/** Options of {@linkcode AdaptiveTimeout}. */
export interface AdaptiveTimeoutOptions {
  /**
   * Minimum timeout in milliseconds.
   *
   * @default {10000}
   */
  readonly minMs?: number;
  /**
   * Maximum timeout in milliseconds.
   *
   * @default {120000}
   */
  readonly maxMs?: number;
}

/** The longest timeout of a host that has responded before, unless its own latency needs more, in milliseconds. */
const MAX_DOUBLED_MS = 30_000;

interface Latency {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * A timeout per host that adapts to its measured latencies. It is ten times the sum of the smoothed mean and four times
 * the deviation (the retransmission timer of RFC 6298, sections 2 and 5.5). The factor is ten because a storage that
 * responds in one second may need ten seconds for a cold object. Each expiry doubles the timeout until a response
 * arrives: up to 16 times its value for a host that never responded, and up to 30 s for one that did. A host that has
 * fallen silent is then asked again at least every half minute, and its recovery is noticed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AdaptiveTimeout } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const timeout = new AdaptiveTimeout({ minMs: 1000 });
 * assertEquals(timeout.timeoutMs("example.com", 30_000), 30_000);
 * timeout.recordResponse("example.com", 200);
 * assertEquals(timeout.timeoutMs("example.com", 30_000), 6000);
 * ```
 */
export class AdaptiveTimeout {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #hosts = new Map<string, Latency>();
  readonly #backoff = new Map<string, number>();

  /**
   * Start without measurements of any host.
   *
   * @param options Minimum and maximum
   */
  constructor(options: AdaptiveTimeoutOptions = {}) {
    const { minMs, maxMs } = { ...RETRY_POLICY.adaptiveTimeout, ...options };
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  /**
   * Return the timeout of a host in milliseconds, within the bounds. It is based on `initialMs` if there is no
   * measurement yet. With `fixedMs` it is based on that instead, and neither adapts to measurements nor falls below it.
   */
  timeoutMs(host: string, initialMs: number, options: { readonly fixedMs?: number | undefined } = {}): number {
    const { fixedMs } = options;
    const backoff = this.#backoff.get(host) ?? 1;
    if (fixedMs !== undefined) return Math.max(fixedMs, Math.min(this.#maxMs, fixedMs * backoff));
    const usualMs = this.usualMs(host, initialMs);
    const limit = this.#hosts.has(host) ? Math.max(usualMs, MAX_DOUBLED_MS) : this.#maxMs;
    return Math.min(this.#maxMs, limit, usualMs * backoff);
  }

  /** Return the timeout of a host in milliseconds without regard to expiries. */
  usualMs(host: string, initialMs: number): number {
    const latency = this.#hosts.get(host);
    const base = latency === undefined ? initialMs : 10 * (latency.mean + 4 * latency.deviation);
    return Math.min(this.#maxMs, Math.max(this.#minMs, base));
  }

  /** Record a response after `ms` milliseconds. */
  recordResponse(host: string, ms: number): void {
    this.#backoff.delete(host);
    const before = this.#hosts.get(host);
    if (before === undefined) {
      this.#hosts.set(host, { mean: ms, deviation: ms / 2 });
      return;
    }
    const deviation = 0.75 * before.deviation + 0.25 * Math.abs(before.mean - ms);
    this.#hosts.set(host, { mean: 0.875 * before.mean + 0.125 * ms, deviation });
  }

  /** Record that the timeout expired without a response. */
  recordExpiry(host: string): void {
    this.#backoff.set(host, Math.min(16, (this.#backoff.get(host) ?? 1) * 2));
  }
}
