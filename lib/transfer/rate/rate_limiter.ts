import { type Clock, type RateSchedule, systemClock } from "../../base/mod.ts";
import { rateAt, type RateNow } from "./rate_at.ts";

/** Options of {@linkcode RateLimiter}. */
export interface RateLimiterOptions {
  /** Bytes per second, shared by all users of this limiter, depending on the time of the week. */
  readonly schedule: RateSchedule;
  /**
   * Time source, a seam for tests.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** An idle limiter accumulates credit for no longer than this time. */
const SAVED_MS = 100;

/** Re-read the schedule at least this often, because the machine's clock may be changed. */
const REREAD_MS = 60_000;

/** A debt below this is a rounding error of floating-point arithmetic. */
const MIN_DEBT_BYTES = 0.001;

/**
 * Shares one bandwidth among all transfers: each caller waits until the bytes that it took are paid for, in the order
 * of the calls. Over any ten seconds the bytes paid for exceed the rate by at most 5%, regardless of the number of
 * callers and the size of each payment. A change of the rate also applies to callers that are already waiting.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseRateSchedule, RateLimiter } from "@civitai-dl/civitai-dl/transfer";
 *
 * const limiter = new RateLimiter({ schedule: parseRateSchedule("1M") });
 * const startedMs = performance.now();
 * // The first tenth of a second is free.
 * await limiter.take(200 * 1024);
 * assert(performance.now() - startedMs > 80);
 * ```
 */
export class RateLimiter {
  #schedule: RateSchedule;
  /** Aborts when the schedule is replaced, so that waiting callers look at the new rate. */
  #replaced = new AbortController();
  readonly #clock: Clock;
  /** Total bytes taken and total bytes paid for: `#taken - #paid` is the debt, or the credit if it is negative. */
  #taken = 0;
  #paid: number;
  #paidAt: number;
  #rate: RateNow["bytesPerSecond"] = null;
  #rereadAt = -Infinity;

  /**
   * Start with the full credit of an idle limiter.
   *
   * @param options Schedule and clock
   */
  constructor(options: RateLimiterOptions) {
    const { schedule, clock = systemClock } = options;
    this.#schedule = schedule;
    this.#clock = clock;
    this.#paidAt = clock.monotonic();
    this.#readRate(this.#paidAt);
    this.#paid = this.#rate === null ? 0 : this.#rate * SAVED_MS / 1000;
  }

  /**
   * Number of bytes to take at once, so that a slow rate gives a steady flow instead of bursts.
   *
   * @returns The bytes of a tenth of a second, at least 4 KiB; `Infinity` without a limit
   */
  get chunkBytes(): number {
    this.#advance();
    return this.#rate === null ? Infinity : Math.max(4096, Math.ceil(this.#rate / 10));
  }

  /**
   * Account for bytes that arrived, and wait until they are paid for.
   *
   * @param bytes Number of bytes
   * @param options A signal that aborts the wait; the bytes remain accounted for
   */
  async take(bytes: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#advance();
    this.#taken += bytes;
    const target = this.#taken;
    while (true) {
      this.#advance();
      const owed = target - this.#paid;
      if (this.#rate === null || owed < MIN_DEBT_BYTES) return;
      const untilRereadMs = this.#rereadAt - this.#clock.monotonic();
      await this.#sleep(Math.min(owed / this.#rate * 1000, untilRereadMs), options);
    }
  }

  /** Wait, at most until the schedule is replaced. */
  async #sleep(ms: number, { signal }: { readonly signal?: AbortSignal | undefined }): Promise<void> {
    const replaced = this.#replaced.signal;
    try {
      await this.#clock.sleep(ms, { signal: signal === undefined ? replaced : AbortSignal.any([signal, replaced]) });
    } catch (error) {
      signal?.throwIfAborted();
      if (!replaced.aborted) throw error;
    }
  }

  /**
   * Replace the schedule, also for callers that are already waiting.
   *
   * @param schedule The new schedule, from now on
   */
  setSchedule(schedule: RateSchedule): void {
    this.#advance();
    // What was taken without a limit is not owed.
    if (this.#rate === null) this.#paid = Math.max(this.#paid, this.#taken);
    this.#schedule = schedule;
    this.#readRate(this.#clock.monotonic());
    this.#replaced.abort();
    this.#replaced = new AbortController();
  }

  /** Pay for bytes with the time elapsed since the last call, at the rate that applied at each moment. */
  #advance(): void {
    const now = this.#clock.monotonic();
    // While there is no debt, only the last SAVED_MS earn credit.
    if (this.#paid >= this.#taken) this.#paidAt = Math.max(this.#paidAt, now - SAVED_MS);
    while (this.#paidAt < now) {
      if (this.#rereadAt <= this.#paidAt) this.#readRate(now);
      const end = Math.min(now, this.#rereadAt);
      this.#payUntil(end);
    }
    if (this.#rereadAt <= now) this.#readRate(now);
  }

  #payUntil(end: number): void {
    if (this.#rate === null) this.#paid = Math.max(this.#paid, this.#taken);
    else {
      const perMs = this.#rate / 1000;
      this.#paid = Math.min(this.#paid + (end - this.#paidAt) * perMs, this.#taken + SAVED_MS * perMs);
    }
    this.#paidAt = end;
  }

  /** Read the rate from the schedule for the moment `#paidAt`, converted from monotonic to wall-clock time. */
  #readRate(now: number): void {
    const time = new Date(this.#clock.now() - (now - this.#paidAt));
    const { bytesPerSecond, changesAtMs } = rateAt(this.#schedule, time);
    this.#rate = bytesPerSecond;
    this.#rereadAt = this.#paidAt + Math.min(REREAD_MS, (changesAtMs ?? Infinity) - time.getTime());
  }
}
