import { type Clock, systemClock } from "../base/mod.ts";

/** Options of {@linkcode RateLimiter}. */
export interface RateLimiterOptions {
  /** Bytes per second over all users of this limiter. */
  readonly bytesPerSecond: number;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** Shares one bandwidth among all transfers: whoever has taken bytes waits until they are paid for. */
export class RateLimiter {
  readonly #perMs: number;
  readonly #clock: Clock;
  #freeAt = -Infinity;

  /**
   * Make one.
   *
   * @param options Rate and clock
   */
  constructor(options: RateLimiterOptions) {
    const { bytesPerSecond, clock = systemClock } = options;
    if (!(bytesPerSecond > 0)) throw new RangeError(`Cannot limit the rate: ${bytesPerSecond} bytes/s is not positive`);
    this.#perMs = bytesPerSecond / 1000;
    this.#clock = clock;
  }

  /** Account for bytes that came, and wait as long as they cost. */
  async pay(bytes: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const now = this.#clock.monotonic();
    // An idle line saves up at most a tenth of a second.
    this.#freeAt = Math.max(this.#freeAt, now - 100) + bytes / this.#perMs;
    if (this.#freeAt > now) await this.#clock.sleep(this.#freeAt - now, options);
  }
}
