import type { Clock } from "../../base/mod.ts";

/** Measures mean and peak speed of a run, in bytes per second; the peak is taken over spans of at least one second. */
export class SpeedMeter {
  readonly #clock: Clock;
  readonly #startedAt: number;
  #secondStart: number;
  #secondBytes = 0;
  #bytes = 0;
  #peak = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#secondStart = this.#startedAt;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#secondBytes += bytes;
    const elapsed = this.#clock.monotonic() - this.#secondStart;
    if (elapsed < 1000) return;
    this.#peak = Math.max(this.#peak, this.#secondBytes / (elapsed / 1000));
    this.#secondStart += elapsed;
    this.#secondBytes = 0;
  }

  read(): {
    readonly durationMs: number;
    readonly meanSpeed: number;
    readonly peakSpeed: number;
    readonly bytes: number;
  } {
    const durationMs = this.#clock.monotonic() - this.#startedAt;
    const meanSpeed = durationMs > 0 ? this.#bytes / (durationMs / 1000) : 0;
    return { durationMs, meanSpeed, peakSpeed: Math.max(this.#peak, meanSpeed), bytes: this.#bytes };
  }
}
