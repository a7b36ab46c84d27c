import { setImmediate } from "node:timers";
import type { Clock } from "../../lib/base/mod.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock for many concurrent sleepers: time stands still until `run`, which wakes them one by one in the order of
 * their deadlines, and lets each continue before the next.
 */
export class EventClock implements Clock {
  #now: number;
  #monotonic = 0;
  // In the order of their deadlines; equal ones in the order of their calls.
  readonly #sleepers: Sleeper[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Number of sleepers. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = (): void => {
      this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
      reject(signal?.reason);
    };
    const wake = (): void => {
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const sleeper: Sleeper = { at: this.#monotonic + Math.max(0, ms), wake };
    const after = this.#sleepers.findLastIndex((other) => other.at <= sleeper.at);
    this.#sleepers.splice(after + 1, 0, sleeper);
    signal?.addEventListener("abort", stop, { once: true });
    return promise;
  }

  /** Advance time at once, without waking sleepers. */
  advance(ms: number): void {
    this.#moveTo(this.#monotonic + ms);
  }

  /** Advance time by a duration, or until no sleeper is left. */
  async run(ms = Infinity): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    while (this.#sleepers.length > 0 && this.#sleepers[0]!.at <= end) {
      const { at, wake } = this.#sleepers.shift()!;
      this.#moveTo(Math.max(at, this.#monotonic));
      wake();
      await settle();
    }
    if (Number.isFinite(end)) this.#moveTo(end);
  }

  #moveTo(at: number): void {
    this.#now += at - this.#monotonic;
    this.#monotonic = at;
  }
}

/** Let everything continue that does not wait for time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
