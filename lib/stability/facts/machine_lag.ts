/** Time between two looks at the clock. */
const LOOK_MS = 50;
/** Lags below this are normal. */
const NORMAL_MS = 5;
const SECOND_MS = 1000;
const MAX_SECONDS = 600;

/** By how much a process was late in one second: the second since the epoch, and the sum of its lags in milliseconds. */
export type LagSecond = readonly [second: number, ms: number];

/**
 * Records by how much a busy machine delays this process. A watcher that ignores what the machine delays accuses a
 * healthy program.
 */
export class MachineLag implements Disposable {
  readonly #seconds = new Map<number, number>();
  #dueMs = performance.now() + LOOK_MS;
  readonly #timer = setInterval(() => this.#look(), LOOK_MS);

  /** The lags by second, including one that is under way. */
  get seconds(): readonly LagSecond[] {
    this.#look();
    return [...this.#seconds];
  }

  /** Record that this process ran later than it was due; the time is in milliseconds since the epoch. */
  record(atMs: number, ms: number): void {
    if (ms < NORMAL_MS) return;
    const second = Math.floor(atMs / SECOND_MS);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + Math.round(ms));
    if (this.#seconds.size > MAX_SECONDS) this.#seconds.delete(this.#seconds.keys().next().value!);
  }

  #look(): void {
    const now = performance.now();
    this.record(performance.timeOrigin + now, now - this.#dueMs);
    this.#dueMs = now + LOOK_MS;
  }

  /** Stop looking. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Sum the lags of a time. All of them count: a timer that is set again and again is late each time. One look is added,
 * the error of the measurement.
 *
 * @param seconds The lags of one process
 * @param fromMs Start, in milliseconds since the epoch
 * @param untilMs End
 * @returns The sum in milliseconds
 */
export function sumLags(seconds: readonly LagSecond[], fromMs: number, untilMs: number): number {
  const [first, last] = [fromMs, untilMs].map((ms) => Math.floor(ms / SECOND_MS));
  return seconds.filter(([second]) => second >= first! && second <= last!).reduce((sum, [, ms]) => sum + ms, LOOK_MS);
}
