import { type Clock, type RateSchedule, systemClock } from "../../../base/mod.ts";
import { RateLimiter } from "../../../transfer/mod.ts";

/** Options of {@linkcode Throttle}. */
export interface ThrottleOptions {
  /** The usual limit of speed; without it, none is usual. */
  readonly bandwidth?: RateSchedule | undefined;
  /**
   * Time source of the limiter.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Limits that replace the usual ones. */
export interface ThrottleLimits {
  /** Bytes per second of all transfers together; `null` for the usual limit. */
  readonly bytesPerSecond: number | null;
  /** Connections to one host; `null` for the usual number. A larger number than the usual one changes nothing. */
  readonly connections: number | null;
}

const UNLIMITED: RateSchedule = { spans: [], otherwise: null };

/**
 * Limits speed and connections of a run. Both may be changed while the run goes: the speed at once, the connections as
 * those in use are returned.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Throttle } from "@civitai-dl/civitai-dl/downloader";
 *
 * const throttle = new Throttle();
 * throttle.set({ bytesPerSecond: 1024 ** 2, connections: 2 });
 * assertEquals([throttle.maxConnections, throttle.isLimited], [2, true]);
 * ```
 */
export class Throttle {
  /** Limits the bytes per second. */
  readonly limiter: RateLimiter;
  readonly #usual: RateSchedule;
  #maxConnections = Infinity;
  #isLimited: boolean;

  /**
   * Start with the usual limits.
   *
   * @param options The usual limit of speed
   */
  constructor(options: ThrottleOptions = {}) {
    const { bandwidth, clock = systemClock } = options;
    this.#usual = bandwidth ?? UNLIMITED;
    this.#isLimited = bandwidth !== undefined;
    this.limiter = new RateLimiter({ schedule: this.#usual, clock });
  }

  /** Maximum connections to one host; `Infinity` for the usual number. */
  get maxConnections(): number {
    return this.#maxConnections;
  }

  /** Whether a limit on the speed hides how fast a host is, or has hidden it. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  /**
   * Replace the limits, also for transfers under way.
   *
   * @param limits The new limits
   */
  set({ bytesPerSecond, connections }: ThrottleLimits): void {
    this.#maxConnections = connections ?? Infinity;
    this.#isLimited ||= bytesPerSecond !== null;
    this.limiter.setSchedule(bytesPerSecond === null ? this.#usual : { spans: [], otherwise: bytesPerSecond });
  }
}
