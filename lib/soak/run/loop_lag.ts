import { LatencyHistogram } from "../facts/latency_histogram.ts";

const EVERY_MS = 50;

/**
 * Measures the event-loop lag of this process: how late a timer that is due every 50 ms fires. It starts immediately.
 */
export class LoopLag implements Disposable {
  #lags = new LatencyHistogram();
  #dueMs = performance.now() + EVERY_MS;
  readonly #timer = setInterval(() => this.#tick(), EVERY_MS);

  /**
   * Return the 99th percentile of the lag since the last call, and start over.
   *
   * @returns The lag in milliseconds, with an error of at most 5%; `null` if nothing was measured
   */
  take(): number | null {
    const value = this.#lags.quantile(0.99);
    this.#lags = new LatencyHistogram();
    return value;
  }

  /** Stop measuring. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#lags.record(Math.max(0, now - this.#dueMs));
    this.#dueMs = now + EVERY_MS;
  }
}
