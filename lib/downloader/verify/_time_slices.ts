/** A person who presses Ctrl-C is heard within that time. */
const SLICE_MS = 50;

/**
 * Lets signals, timers and messages in between many short synchronous calls, which are several times as fast as calls
 * that are handed to another thread.
 */
export class TimeSlices {
  #until = performance.now() + SLICE_MS;

  /** Wait for one turn of the event loop if the slice is over. */
  async pause(): Promise<void> {
    if (performance.now() < this.#until) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#until = performance.now() + SLICE_MS;
  }
}
