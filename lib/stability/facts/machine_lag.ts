/** Time between two looks at the clock. */
const LOOK_MS = 50;
/** Lags below this are normal. */
const NORMAL_MS = 5;
const MAX_LAGS = 2000;

/**
 * Records by how much a busy machine delays this process. What the machine delays, it delays in the process under test
 * too, and a watcher that ignores this accuses a healthy program.
 */
export class MachineLag implements Disposable {
  #lags: { readonly atMs: number; readonly ms: number }[] = [];
  #dueMs = performance.now() + LOOK_MS;
  readonly #timer = setInterval(() => this.#look(), LOOK_MS);

  /** Record that this process ran later than it was due. */
  record(atMs: number, ms: number): void {
    if (ms < NORMAL_MS) return;
    this.#lags.push({ atMs, ms });
    if (this.#lags.length > MAX_LAGS) this.#lags = this.#lags.slice(MAX_LAGS / 2);
  }

  /**
   * The sum of all lags since a time of `performance.now()`, in milliseconds. All of them count: a timer that is set
   * again and again is late each time. The lag under way is included, and so is one look, the error of the measurement.
   */
  sumSince(fromMs: number): number {
    this.#look();
    return LOOK_MS + this.#lags.filter(({ atMs }) => atMs >= fromMs).reduce((sum, { ms }) => sum + ms, 0);
  }

  #look(): void {
    const now = performance.now();
    this.record(now, now - this.#dueMs);
    this.#dueMs = now + LOOK_MS;
  }

  /** Stop looking. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
