import type { Clock } from "../../lib/base/mod.ts";

/** A clock that moves only when told, or by itself when somebody sleeps. */
export class FakeClock implements Clock {
  #now: number;
  #monotonic = 0;
  /** Every sleep asked for, in milliseconds. */
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

  /** Let time pass. */
  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }

  /** Set the wall clock alone, as an administrator or NTP does. */
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
