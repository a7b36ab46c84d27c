import { type Clock, systemClock } from "../../lib/base/mod.ts";

/** The machine's clock at a higher speed: waits keep their order and proportions, but take little time. */
export class QuickClock implements Clock {
  readonly #speed: number;
  readonly #start = performance.now();
  readonly #startMs: number;

  /** Start a clock that runs `speed` times as fast. */
  constructor(speed: number, startMs = Date.UTC(2026, 0, 1)) {
    this.#speed = speed;
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.monotonic();
  }

  monotonic(): number {
    return (performance.now() - this.#start) * this.#speed;
  }

  sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return systemClock.sleep(ms / this.#speed, options);
  }
}
