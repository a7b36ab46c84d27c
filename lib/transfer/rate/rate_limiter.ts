import { type Clock, type RateSchedule, systemClock } from "../../base/mod.ts";
import { rateAt, type RateNow } from "./rate_at.ts";

/** Options of {@linkcode RateLimiter}. */
export interface RateLimiterOptions {
  /** Bytes per second over all users of this limiter, by the time of the week. */
  readonly schedule: RateSchedule;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** An idle line saves up at most so much. */
const SAVED_MS = 100;

/** Look at the schedule this often, since the machine's clock may be set. */
const LOOK_MS = 60_000;

/** What floating-point numbers leave over. */
const NOTHING_BYTES = 0.001;

/**
 * Shares one bandwidth among all transfers: whoever has taken bytes waits until they are paid for, in the order of
 * taking. What is paid within any ten seconds is the rate within 5 %, however many pay and however much at once; a
 * change of the rate holds for those who wait already.
 */
export class RateLimiter {
  readonly #schedule: RateSchedule;
  readonly #clock: Clock;
  /** All bytes that were ever taken, and up to where they are paid: behind it is debt, beyond it what is saved up. */
  #taken = 0;
  #paid: number;
  #paidAt: number;
  #rate: RateNow["bytesPerSecond"] = null;
  #lookAt = -Infinity;

  /**
   * Make one.
   *
   * @param options Schedule and clock
   */
  constructor(options: RateLimiterOptions) {
    const { schedule, clock = systemClock } = options;
    this.#schedule = schedule;
    this.#clock = clock;
    this.#paidAt = clock.monotonic();
    this.#look(this.#paidAt);
    this.#paid = this.#rate === null ? 0 : this.#rate * SAVED_MS / 1000;
  }

  /**
   * How many bytes to take at once, so that a slow rate flows instead of coming in gulps.
   *
   * @returns What a tenth of a second allows, at least 4 KiB; `Infinity` without a limit
   */
  get gulpBytes(): number {
    this.#pass();
    return this.#rate === null ? Infinity : Math.max(4096, Math.ceil(this.#rate / 10));
  }

  /**
   * Account for bytes that came, and wait as long as they cost.
   *
   * @param bytes How many
   * @param options A signal that ends the wait; the bytes remain accounted for
   */
  async pay(bytes: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#pass();
    this.#taken += bytes;
    const target = this.#taken;
    while (true) {
      this.#pass();
      const owed = target - this.#paid;
      if (this.#rate === null || owed < NOTHING_BYTES) return;
      const untilLookMs = this.#lookAt - this.#clock.monotonic();
      await this.#clock.sleep(Math.min(owed / this.#rate * 1000, untilLookMs), options);
    }
  }

  /** Let the time since the last look pay, each stretch at its own rate. */
  #pass(): void {
    const now = this.#clock.monotonic();
    // Of a time without debt only what can be saved up counts.
    if (this.#paid >= this.#taken) this.#paidAt = Math.max(this.#paidAt, now - SAVED_MS);
    while (this.#paidAt < now) {
      if (this.#lookAt <= this.#paidAt) this.#look(now);
      const end = Math.min(now, this.#lookAt);
      this.#payUntil(end);
    }
    if (this.#lookAt <= now) this.#look(now);
  }

  #payUntil(end: number): void {
    if (this.#rate === null) this.#paid = Math.max(this.#paid, this.#taken);
    else {
      const perMs = this.#rate / 1000;
      this.#paid = Math.min(this.#paid + (end - this.#paidAt) * perMs, this.#taken + SAVED_MS * perMs);
    }
    this.#paidAt = end;
  }

  /** Ask the schedule for the rate at the moment up to which is paid. */
  #look(now: number): void {
    const at = new Date(this.#clock.now() - (now - this.#paidAt));
    const { bytesPerSecond, changesAtMs } = rateAt(this.#schedule, at);
    this.#rate = bytesPerSecond;
    this.#lookAt = this.#paidAt + Math.min(LOOK_MS, (changesAtMs ?? Infinity) - at.getTime());
  }
}
