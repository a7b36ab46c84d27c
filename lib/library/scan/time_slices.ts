/** Options of {@linkcode TimeSlices}. */
export interface TimeSlicesOptions {
  /**
   * Longest time without a turn of the event loop, in milliseconds. By default, Ctrl-C takes effect immediately.
   *
   * @default {50}
   */
  readonly sliceMs?: number | undefined;
}

/**
 * Lets the event loop handle signals, timers and messages between many short synchronous calls. Such calls are several
 * times as fast as asynchronous ones, which Deno hands to another thread.
 */
export class TimeSlices {
  readonly #sliceMs: number;
  #until: number;

  /** Start the first slice. */
  constructor(options: TimeSlicesOptions = {}) {
    this.#sliceMs = options.sliceMs ?? 50;
    this.#until = performance.now() + this.#sliceMs;
  }

  /** Whether the time slice is used up. */
  get isOver(): boolean {
    return performance.now() >= this.#until;
  }

  /** Wait for one turn of the event loop if the time slice is used up. */
  async pause(): Promise<void> {
    if (!this.isOver) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#until = performance.now() + this.#sliceMs;
  }
}
