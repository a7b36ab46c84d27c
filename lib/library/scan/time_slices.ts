/** Longest time without a turn of the event loop, in milliseconds, so that Ctrl-C takes effect immediately. */
const SLICE_MS = 50;

/**
 * Lets the event loop handle signals, timers and messages between many short synchronous calls. Such calls are several
 * times as fast as asynchronous ones, which Deno hands to another thread.
 */
export class TimeSlices {
  #until = performance.now() + SLICE_MS;

  /** Wait for one turn of the event loop if the time slice is used up. */
  async pause(): Promise<void> {
    if (performance.now() < this.#until) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#until = performance.now() + SLICE_MS;
  }
}
