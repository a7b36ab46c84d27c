import { LatencyHistogram } from "../judges/latency_histogram.ts";

const EVERY_MS = 50;

/** Measures how late the loop of this process is: a timer that should fire every 50 ms says how much later it did. */
export class LoopLag implements Disposable {
  #seen = new LatencyHistogram();
  #dueMs = performance.now() + EVERY_MS;
  readonly #timer = setInterval(() => this.#tick(), EVERY_MS);

  /**
   * The lag of 99 in 100 looks since the last call.
   *
   * @returns Milliseconds; `null` if nothing was measured
   */
  take(): number | null {
    const value = this.#seen.quantile(0.99);
    this.#seen = new LatencyHistogram();
    return value;
  }

  /** Stop. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    this.#seen.record(Math.max(0, now - this.#dueMs));
    this.#dueMs = now + EVERY_MS;
  }
}
