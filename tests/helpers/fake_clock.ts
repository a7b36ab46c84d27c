import type { Clock } from "../../lib/base/mod.ts";

/** A clock that advances only by the test, or at once during a sleep. */
export class FakeClock implements Clock {
  #now: number;
  #monotonic = 0;
  /** Duration of every sleep, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Advance both clocks. */
  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }

  /** Set only the wall clock, like an administrator or NTP. */
  jump(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    this.sleeps.push(ms);
    this.advance(ms);
    return Promise.resolve();
  }
}
