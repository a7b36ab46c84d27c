import type { WindowCall, WindowCounts } from "./window_counts.ts";

/** So long is a slice of the time window, in milliseconds. */
export const SLICE_MS = 5000;
/** So many slices are a window: 60 seconds. */
export const SLICES = 12;
/** So many calls are remembered one by one. */
export const LAST_CALLS = 50;

const FAILED = 1;
const SLOW = 2;

/** What a {@linkcode SlidingWindow} holds, as data; a slice is the number of {@linkcode SLICE_MS} since the epoch. */
export interface WindowRecord {
  /** Slice, calls, failures, slow ones. */
  readonly slices: readonly (readonly [slice: number, calls: number, failures: number, slow: number])[];
  /** Slice and end of the last calls, the oldest first; the end is 1 for failed plus 2 for slow. */
  readonly last: readonly (readonly [slice: number, end: number])[];
  /** Hard failures in a row up to now. */
  readonly hardRun: number;
  /** The slice of the last of them. */
  readonly hardAt: number;
}

/**
 * How calls ended lately: a time window of 60 seconds in slices of five, and the last 50 calls. What is older than a
 * minute counts in neither, whether anything was added since or not. A slice is used anew when its turn comes, so memory
 * is constant, and a clock that is set back or far ahead only makes what was known not count any more.
 */
export class SlidingWindow {
  readonly #slice = new Array<number>(SLICES).fill(-1);
  readonly #calls = new Array<number>(SLICES).fill(0);
  readonly #failures = new Array<number>(SLICES).fill(0);
  readonly #slow = new Array<number>(SLICES).fill(0);
  readonly #last: [slice: number, end: number][] = [];
  #next = 0;
  #hardRun = 0;
  #hardAt = -1;
  #isBroken = false;

  /** Whether nothing was ever added. */
  get isEmpty(): boolean {
    return this.#last.length === 0;
  }

  /**
   * Add a call that ended now.
   *
   * @param now Milliseconds since the epoch
   * @param call How it ended
   */
  add(now: number, call: WindowCall): void {
    const slice = Math.floor(now / SLICE_MS);
    const end = (call.end === "ok" ? 0 : FAILED) + (call.isSlow ? SLOW : 0);
    this.#addSlice(slice, 1, end & FAILED, end >> 1);
    this.#push(slice, end);
    if (call.end !== "hard") {
      [this.#hardRun, this.#hardAt, this.#isBroken] = [0, -1, true];
      return;
    }
    this.#hardRun = isYoung(this.#hardAt, slice) ? this.#hardRun + 1 : 1;
    this.#hardAt = slice;
  }

  /**
   * The last minute.
   *
   * @param now Milliseconds since the epoch
   * @param options Only slices that began after `after` count
   * @returns The sums
   */
  lastMinute(now: number, options: { readonly after?: number } = {}): WindowCounts {
    const { after = -Infinity } = options;
    const current = Math.floor(now / SLICE_MS);
    let [calls, failures, slow] = [0, 0, 0];
    for (let slot = 0; slot < SLICES; slot++) {
      const slice = this.#slice[slot]!;
      if (!isYoung(slice, current) || slice * SLICE_MS <= after) continue;
      calls += this.#calls[slot]!;
      failures += this.#failures[slot]!;
      slow += this.#slow[slot]!;
    }
    return { calls, failures, slow };
  }

  /** The last 50 calls, as far as they ended within the last minute. */
  lastCalls(now: number): WindowCounts {
    const current = Math.floor(now / SLICE_MS);
    let [calls, failures, slow] = [0, 0, 0];
    for (const [slice, end] of this.#last) {
      if (!isYoung(slice, current)) continue;
      calls++;
      failures += end & FAILED;
      slow += end >> 1;
    }
    return { calls, failures, slow };
  }

  /** Hard failures in a row, none of them older than a minute before the next. */
  hardRun(now: number): number {
    return isYoung(this.#hardAt, Math.floor(now / SLICE_MS)) ? this.#hardRun : 0;
  }

  /**
   * Add what another window holds, as if it had come after what is here.
   *
   * @param other The other; stays as it is
   * @param now Milliseconds since the epoch; what does not count any more is left out
   */
  merge(other: SlidingWindow, now: number): void {
    const current = Math.floor(now / SLICE_MS);
    const { slices, last, hardRun, hardAt } = other.record();
    for (const [slice, calls, failures, slow] of slices) {
      if (isYoung(slice, current)) this.#addSlice(slice, calls, failures, slow);
    }
    for (const [slice, end] of last) if (isYoung(slice, current)) this.#push(slice, end);
    if (other.#isBroken) [this.#hardRun, this.#hardAt, this.#isBroken] = [0, -1, true];
    if (hardRun === 0 || !isYoung(hardAt, current)) return;
    this.#hardRun = isYoung(this.#hardAt, hardAt) ? this.#hardRun + hardRun : hardRun;
    this.#hardAt = hardAt;
  }

  /** As data. */
  record(): WindowRecord {
    const slices = this.#slice.map((slice, slot) =>
      [slice, this.#calls[slot]!, this.#failures[slot]!, this.#slow[slot]!] as const
    ).filter(([slice]) => slice >= 0).toSorted(([a], [b]) => a - b);
    const last = [...this.#last.slice(this.#next), ...this.#last.slice(0, this.#next)];
    return { slices, last, hardRun: this.#hardRun, hardAt: this.#hardAt };
  }

  /** From what `record` gave. */
  static from(record: WindowRecord): SlidingWindow {
    const window = new SlidingWindow();
    for (const [slice, calls, failures, slow] of record.slices) window.#addSlice(slice, calls, failures, slow);
    for (const [slice, end] of record.last) window.#push(slice, end);
    [window.#hardRun, window.#hardAt] = [record.hardRun, record.hardAt];
    return window;
  }

  #addSlice(slice: number, calls: number, failures: number, slow: number): void {
    const slot = slice % SLICES;
    if (this.#slice[slot] !== slice) {
      [this.#slice[slot], this.#calls[slot], this.#failures[slot], this.#slow[slot]] = [slice, 0, 0, 0];
    }
    this.#calls[slot]! += calls;
    this.#failures[slot]! += failures;
    this.#slow[slot]! += slow;
  }

  #push(slice: number, end: number): void {
    this.#last[this.#next] = [slice, end];
    this.#next = (this.#next + 1) % LAST_CALLS;
  }
}

/** Not older than the window; another process may be one slice ahead of us. */
function isYoung(slice: number, current: number): boolean {
  return slice >= 0 && slice > current - SLICES && slice <= current + 1;
}
