import { type Clock, systemClock } from "./clock.ts";

/**
 * The system clock, with shorter waits: faults can be frequent without a run that mostly waits for the next attempt. The
 * order in which concurrent waits end stays the same.
 */
export class HastyClock implements Clock {
  readonly #haste: number;

  /** Divide each wait by `haste`. */
  constructor(haste: number) {
    this.#haste = haste;
  }

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  async sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    await systemClock.sleep(ms / this.#haste, options);
  }
}
