import type { FailureKind } from "../failure/failure_kind.ts";
import type { WindowCall, WindowCounts } from "./window_counts.ts";

/** Length of a slice of the time window, in milliseconds. */
export const SLICE_MS = 5000;
/** Number of slices in the time window, which is 60 seconds long. */
export const SLICES = 12;
/** Number of calls that are stored individually. */
export const LAST_CALLS = 50;

const FAILED = 1;
const SLOW = 2;

interface LastCall {
  readonly slice: number;
  /** `FAILED`, `SLOW`, both or neither, as bits. */
  readonly outcome: number;
  readonly kind: FailureKind | null;
}

/**
 * Content of a {@linkcode SlidingWindow} as data; a slice is numbered in units of {@linkcode SLICE_MS} since the epoch.
 */
export interface WindowRecord {
  /** Number of the slice, and its counts of calls, failures and slow calls. */
  readonly slices: readonly (readonly [slice: number, calls: number, failures: number, slow: number])[];
  /**
   * Slice and outcome of the last calls, the oldest first. The outcome is the sum of 1 if the call failed and 2 if it
   * was slow.
   */
  readonly last: readonly (readonly [slice: number, outcome: number])[];
  /** Known kinds of the failures in `last`, with their index there. */
  readonly kinds: readonly (readonly [place: number, kind: FailureKind])[];
  /** Number of hard failures in a row up to now. */
  readonly hardRun: number;
  /** Number of the slice of the last of these hard failures; -1 if there is none. */
  readonly hardAt: number;
  /**
   * When the last call succeeded or, without a success since, the first call of a busy minute ended; milliseconds since
   * the epoch, -1 before the first call.
   */
  readonly servedAt: number;
}

/**
 * Outcomes of recent calls: counts over 60 seconds in slices of five seconds, and the last 50 calls individually. Calls
 * older than a minute count in neither, even if no call has been added since. Slices are reused, so memory is constant.
 * If the clock is set back or far ahead, older entries merely stop counting.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SlidingWindow } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const window = new SlidingWindow();
 * const now = Date.now();
 * window.add(now, { outcome: "ok" });
 * window.add(now, { outcome: "failed", kind: { failure: "server", status: 500 } });
 * assertEquals(window.countLastMinute(now), { calls: 2, failures: 1, slow: 0 });
 * assertEquals(window.mainKind(now), { failure: "server", status: 500 });
 * ```
 */
export class SlidingWindow {
  readonly #slice = new Array<number>(SLICES).fill(-1);
  readonly #calls = new Array<number>(SLICES).fill(0);
  readonly #failures = new Array<number>(SLICES).fill(0);
  readonly #slow = new Array<number>(SLICES).fill(0);
  readonly #last: LastCall[] = [];
  #next = 0;
  #hardStreak = 0;
  #lastHardSlice = -1;
  #servedAt = -1;

  /**
   * Add a call that ended now.
   *
   * @param now Milliseconds since the epoch
   * @param call How it ended
   */
  add(now: number, call: WindowCall): void {
    // Ten failures in the first second of a host do not show that it is down. A clock may have been set back.
    const isFirst = this.countLastMinute(now).calls === 0;
    if (call.outcome === "ok" || isFirst || now < this.#servedAt) this.#servedAt = now;
    const slice = Math.floor(now / SLICE_MS);
    const outcome = (call.outcome === "ok" ? 0 : FAILED) + (call.isSlow ? SLOW : 0);
    this.#addSlice(slice, 1, outcome & FAILED, outcome >> 1);
    this.#push({ slice, outcome, kind: call.kind ?? null });
    if (call.outcome !== "hard") {
      this.#hardStreak = 0;
      this.#lastHardSlice = -1;
      return;
    }
    this.#hardStreak = isYoung(this.#lastHardSlice, slice) ? this.#hardStreak + 1 : 1;
    this.#lastHardSlice = slice;
  }

  /**
   * Count the calls of the last minute.
   *
   * @param now Milliseconds since the epoch
   * @param options If `after` is set, in milliseconds since the epoch, only slices that began after it count
   * @returns The counts
   */
  countLastMinute(now: number, options: { readonly after?: number } = {}): WindowCounts {
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

  /** Count those of the last 50 calls that ended within the last minute. */
  countLastCalls(now: number): WindowCounts {
    const current = Math.floor(now / SLICE_MS);
    let calls = 0;
    let failures = 0;
    let slow = 0;
    for (const { slice, outcome } of this.#last) {
      if (!isYoung(slice, current)) continue;
      calls++;
      failures += outcome & FAILED;
      slow += outcome >> 1;
    }
    return { calls, failures, slow };
  }

  /**
   * Time since the last success in milliseconds or, without a success, since the first call after a minute without calls.
   * `Infinity` before the first call. A success counts even if it is not among the last 50 calls.
   */
  sinceSuccessMs(now: number): number {
    return this.#servedAt < 0 ? Infinity : Math.max(0, now - this.#servedAt);
  }

  /**
   * Most frequent known kind of failure among the last 50 calls within a minute; among equally frequent ones, the
   * latest. `null` if no kind is known.
   */
  mainKind(now: number): FailureKind | null {
    const counts = new Map<string, { readonly kind: FailureKind; count: number }>();
    let main: { readonly kind: FailureKind; count: number } | null = null;
    for (const { kind } of this.#failuresWithin(now)) {
      if (kind === null) continue;
      const key = `${kind.failure} ${kind.status}`;
      const entry = counts.get(key) ?? { kind, count: 0 };
      counts.set(key, entry);
      entry.count++;
      if (main === null || entry.count >= main.count) main = entry;
    }
    return main?.kind ?? null;
  }

  /** Kind of the last failure within a minute; `null` if there is none or its kind is unknown. */
  lastKind(now: number): FailureKind | null {
    return this.#failuresWithin(now).at(-1)?.kind ?? null;
  }

  /**
   * Number of hard failures in a row, each less than a minute before the next one, and the last less than a minute ago.
   */
  hardStreak(now: number): number {
    return isYoung(this.#lastHardSlice, Math.floor(now / SLICE_MS)) ? this.#hardStreak : 0;
  }

  /** Return the content as data, for `JSON.stringify` and `from`. */
  toJSON(): WindowRecord {
    const slices = this.#slice.map((slice, slot) =>
      [slice, this.#calls[slot]!, this.#failures[slot]!, this.#slow[slot]!] as const
    ).filter(([slice]) => slice >= 0).toSorted(([a], [b]) => a - b);
    const calls = this.#inOrder();
    const last = calls.map(({ slice, outcome }) => [slice, outcome] as const);
    const kinds = calls.flatMap(({ kind }, place) => kind === null ? [] : [[place, kind] as const]);
    const hard = { hardRun: this.#hardStreak, hardAt: this.#lastHardSlice };
    return { slices, last, kinds, ...hard, servedAt: this.#servedAt };
  }

  /** Restore a window from the data of `toJSON`. */
  static from(record: WindowRecord): SlidingWindow {
    const window = new SlidingWindow();
    for (const [slice, calls, failures, slow] of record.slices) window.#addSlice(slice, calls, failures, slow);
    const kinds = new Map(record.kinds);
    for (const [place, [slice, outcome]] of record.last.entries()) {
      window.#push({ slice, outcome, kind: kinds.get(place) ?? null });
    }
    window.#hardStreak = record.hardRun;
    window.#lastHardSlice = record.hardAt;
    window.#servedAt = record.servedAt;
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

  /** The last calls, the oldest first. */
  #inOrder(): readonly LastCall[] {
    return [...this.#last.slice(this.#next), ...this.#last.slice(0, this.#next)];
  }

  /** The failures among the last calls within a minute, the oldest first. */
  #failuresWithin(now: number): readonly LastCall[] {
    const current = Math.floor(now / SLICE_MS);
    return this.#inOrder().filter(({ slice, outcome }) => (outcome & FAILED) !== 0 && isYoung(slice, current));
  }

  #push(call: LastCall): void {
    this.#last[this.#next] = call;
    this.#next = (this.#next + 1) % LAST_CALLS;
  }
}

/** Whether a slice is within the window. It may be one slice ahead, because the clock may be set back a little. */
function isYoung(slice: number, current: number): boolean {
  return slice >= 0 && slice > current - SLICES && slice <= current + 1;
}
