import type { FailureKind } from "./breaker_cause.ts";
import type { WindowCall, WindowCounts } from "./window_counts.ts";

/** Length of a slice of the time window, in milliseconds. */
export const SLICE_MS = 5000;
/** So many slices are a window: 60 seconds. */
export const SLICES = 12;
/** So many calls are remembered one by one. */
export const LAST_CALLS = 50;

const FAILED = 1;
const SLOW = 2;

interface LastCall {
  readonly slice: number;
  readonly end: number;
  readonly kind: FailureKind | null;
}

/** What a {@linkcode SlidingWindow} holds, as data; a slice is the number of {@linkcode SLICE_MS} since the epoch. */
export interface WindowRecord {
  /** Slice, calls, failures, slow ones. */
  readonly slices: readonly (readonly [slice: number, calls: number, failures: number, slow: number])[];
  /** Slice and end of the last calls, the oldest first; the end is 1 for failed plus 2 for slow. */
  readonly last: readonly (readonly [slice: number, end: number])[];
  /** What failed calls of `last` failed with, as far as it is known, by their place there. */
  readonly kinds: readonly (readonly [place: number, kind: FailureKind])[];
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
  readonly #last: LastCall[] = [];
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
    this.#push({ slice, end, kind: call.kind ?? null });
    if (call.end !== "hard") {
      this.#hardRun = 0;
      this.#hardAt = -1;
      this.#isBroken = true;
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
    let calls = 0;
    let failures = 0;
    let slow = 0;
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
    let calls = 0;
    let failures = 0;
    let slow = 0;
    for (const { slice, end } of this.#last) {
      if (!isYoung(slice, current)) continue;
      calls++;
      failures += end & FAILED;
      slow += end >> 1;
    }
    return { calls, failures, slow };
  }

  /** How long ago the last call went well, in milliseconds, to the slice; Infinity if none did within the last minute. */
  sinceGoodMs(now: number): number {
    const current = Math.floor(now / SLICE_MS);
    const slices = this.#last.filter(({ slice, end }) => (end & FAILED) === 0 && isYoung(slice, current));
    return slices.reduce((least, { slice }) => Math.min(least, Math.max(0, current - slice) * SLICE_MS), Infinity);
  }

  /** What most of the last calls that failed within the last minute failed with; the newest where two are as many. */
  mainKind(now: number): FailureKind | null {
    const counts = new Map<string, { readonly kind: FailureKind; count: number }>();
    let main: { readonly kind: FailureKind; count: number } | null = null;
    for (const kind of this.#kindsOf(now)) {
      const entry = counts.getOrInsertComputed(`${kind.failure} ${kind.status}`, () => ({ kind, count: 0 }));
      entry.count++;
      if (main === null || entry.count >= main.count) main = entry;
    }
    return main?.kind ?? null;
  }

  /** What the last call that failed within the last minute failed with. */
  lastKind(now: number): FailureKind | null {
    return this.#kindsOf(now).at(-1) ?? null;
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
    const { slices, hardRun, hardAt } = other.record();
    for (const [slice, calls, failures, slow] of slices) {
      if (isYoung(slice, current)) this.#addSlice(slice, calls, failures, slow);
    }
    for (const call of other.#inOrder()) if (isYoung(call.slice, current)) this.#push(call);
    if (other.#isBroken) {
      this.#hardRun = 0;
      this.#hardAt = -1;
      this.#isBroken = true;
    }
    if (hardRun === 0 || !isYoung(hardAt, current)) return;
    this.#hardRun = isYoung(this.#hardAt, hardAt) ? this.#hardRun + hardRun : hardRun;
    this.#hardAt = hardAt;
  }

  /** As data. */
  record(): WindowRecord {
    const slices = this.#slice.map((slice, slot) =>
      [slice, this.#calls[slot]!, this.#failures[slot]!, this.#slow[slot]!] as const
    ).filter(([slice]) => slice >= 0).toSorted(([a], [b]) => a - b);
    const calls = this.#inOrder();
    const last = calls.map(({ slice, end }) => [slice, end] as const);
    const kinds = calls.flatMap(({ kind }, place) => kind === null ? [] : [[place, kind] as const]);
    return { slices, last, kinds, hardRun: this.#hardRun, hardAt: this.#hardAt };
  }

  /** From what `record` gave. */
  static from(record: WindowRecord): SlidingWindow {
    const window = new SlidingWindow();
    for (const [slice, calls, failures, slow] of record.slices) window.#addSlice(slice, calls, failures, slow);
    const kinds = new Map(record.kinds);
    for (const [place, [slice, end]] of record.last.entries()) {
      window.#push({ slice, end, kind: kinds.get(place) ?? null });
    }
    window.#hardRun = record.hardRun;
    window.#hardAt = record.hardAt;
    return window;
  }

  #addSlice(slice: number, calls: number, failures: number, slow: number): void {
    const slot = slice % SLICES;
    if (this.#slice[slot] !== slice) {
      this.#slice[slot] = slice;
      this.#calls[slot] = 0;
      this.#failures[slot] = 0;
      this.#slow[slot] = 0;
    }
    this.#calls[slot]! += calls;
    this.#failures[slot]! += failures;
    this.#slow[slot]! += slow;
  }

  /** The oldest first. */
  #inOrder(): readonly LastCall[] {
    return [...this.#last.slice(this.#next), ...this.#last.slice(0, this.#next)];
  }

  #kindsOf(now: number): readonly FailureKind[] {
    const current = Math.floor(now / SLICE_MS);
    return this.#inOrder().flatMap(({ slice, kind }) => kind !== null && isYoung(slice, current) ? [kind] : []);
  }

  #push(call: LastCall): void {
    this.#last[this.#next] = call;
    this.#next = (this.#next + 1) % LAST_CALLS;
  }
}

/** Not older than the window; another process may be one slice ahead of us. */
function isYoung(slice: number, current: number): boolean {
  return slice >= 0 && slice > current - SLICES && slice <= current + 1;
}
