import { ScanLimitError } from "./_scan_budget.ts";

/** What an unpickler has on its stack, as far as it matters: a short text that may name something, or anything else. */
export type Value = string | null;

/** An unpickler would have ended with an error. */
export class BrokenPickle extends Error {}

/** One for all: a trace of its own would cost most of the time that a piece takes that is no pickle. */
export const BROKEN = new BrokenPickle();

/** Python's own unpickler takes more; nobody's pickle needs it, since containers are filled in batches. */
const MAX_DEPTH = 4_000_000;
/** A larger index takes gigabytes in Python's unpickler, and more than anybody has things to remember. */
const MAX_MEMO_INDEX = 2 ** 26;
/** Texts that are remembered; what is beyond is forgotten, and a name made of it counts as hidden. */
const MAX_MEMO_TEXTS = 200_000;

const EMPTY = new Uint8Array(0);
const FREE = 0;
const OTHER = 1;
const TEXT = 2;

/** Stack, marks and memo of an unpickler that runs nothing. Fails where Python's own would. */
export class PickleStack {
  readonly #values: Value[] = [];
  /** Heights of the stack at each open mark. */
  readonly #marks: number[] = [];
  readonly #texts = new Map<number, string>();
  /** One byte a memo index: whether it is taken, and whether by a text. Asking the map would cost most of all. */
  #kinds = EMPTY;
  #memoSize = 0;

  get #fence(): number {
    return this.#marks.at(-1) ?? 0;
  }

  push(value: Value): void {
    if (this.#values.length >= MAX_DEPTH) throw tooHigh();
    this.#values.push(value);
  }

  pop(): Value {
    if (this.#values.length <= this.#fence) throw BROKEN;
    return this.#values.pop()!;
  }

  /** Take `count` values away and put one there. */
  replace(count: number): void {
    for (let left = count; left > 0; left--) this.pop();
    this.push(null);
  }

  /** Take `count` values away from above a container. */
  store(count: number): void {
    for (let left = count; left > 0; left--) this.pop();
    this.assertTop();
  }

  assertTop(): void {
    if (this.#values.length <= this.#fence) throw BROKEN;
  }

  duplicate(): void {
    this.assertTop();
    this.push(this.#values.at(-1)!);
  }

  mark(): void {
    if (this.#marks.length >= MAX_DEPTH) throw tooHigh();
    this.#marks.push(this.#values.length);
  }

  /** Take away what lies above the last mark, and the mark; how much it was. */
  popMark(): number {
    const height = this.#marks.pop();
    if (height === undefined) throw BROKEN;
    const count = this.#values.length - height;
    this.#values.length = height;
    return count;
  }

  /** POP takes a mark away if nothing lies above it. */
  popAny(): void {
    if (this.#marks.at(-1) === this.#values.length) this.#marks.pop();
    else this.pop();
  }

  put(index: number): void {
    this.assertTop();
    if (!Number.isSafeInteger(index) || index < 0 || index > MAX_MEMO_INDEX) throw BROKEN;
    if (index >= this.#kinds.length) {
      const larger = new Uint8Array(Math.max(64, index + 1, Math.min(MAX_MEMO_INDEX + 1, this.#kinds.length * 2)));
      larger.set(this.#kinds);
      this.#kinds = larger;
    }
    const before = this.#kinds[index]!;
    if (before === FREE) this.#memoSize++;
    const value = this.#values.at(-1)!;
    const isText = value !== null && (before === TEXT || this.#texts.size < MAX_MEMO_TEXTS);
    if (isText) this.#texts.set(index, value);
    else if (before === TEXT) this.#texts.delete(index);
    this.#kinds[index] = isText ? TEXT : OTHER;
  }

  /** MEMOIZE uses the number of indices that are taken as the next, also if that is one of them. */
  memoize(): void {
    this.put(this.#memoSize);
  }

  get(index: number): void {
    const kind = this.#kinds[index] ?? FREE;
    if (kind === FREE) throw BROKEN;
    this.push(kind === TEXT ? this.#texts.get(index)! : null);
  }
}

function tooHigh(): ScanLimitError {
  return new ScanLimitError("has a pickle with a higher stack than can be followed");
}
