import { type Clock, systemClock } from "../base/mod.ts";

/** The system clock with a count of pending sleeps: a sleep that never ends is a kind of leak. */
export class CountedClock implements Clock {
  #sleeping = 0;

  /** Number of pending sleeps. */
  get sleeping(): number {
    return this.#sleeping;
  }

  /** See {@linkcode Clock.now}. */
  now(): number {
    return systemClock.now();
  }

  /** See {@linkcode Clock.monotonic}. */
  monotonic(): number {
    return systemClock.monotonic();
  }

  /** See {@linkcode Clock.sleep}. */
  async sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#sleeping++;
    try {
      await systemClock.sleep(ms, options);
    } finally {
      this.#sleeping--;
    }
  }
}
