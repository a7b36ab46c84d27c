import { nodeModule } from "./_node_module.ts";

/** Source of time. Code that waits or takes timestamps receives a clock, so that tests do not wait for real seconds. */
export interface Clock {
  /** Milliseconds since the epoch; can jump when the system clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary start; never jumps. */
  monotonic(): number;
  /** Wait; rejects with the signal's reason when it aborts. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, options = {}) {
    const { signal } = options;
    signal?.throwIfAborted();
    try {
      await nodeModule("node:timers/promises").setTimeout(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // node:timers wraps the reason in its own AbortError; callers want the reason unchanged.
      if (signal?.aborted) throw signal.reason;
      throw error;
    }
  },
};
