import { type Clock, systemClock } from "../base/mod.ts";

/** The machine's clock, that knows how many wait for it: a wait that nobody ends is a leak of its own kind. */
export class CountedClock implements Clock {
  #sleeping = 0;

  /** How many wait now. */
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
