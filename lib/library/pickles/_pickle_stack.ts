import { ScanLimitError } from "./_scan_budget.ts";

/**
 * A value on the unpickler's stack, as far as the scan needs it: a short string that may be a name, or `null` for
 * anything else.
 */
export type Value = string | null;

/** The pickle is invalid: Python's unpickler would raise an error here. */
export class BrokenPickle extends Error {}

/**
 * Shared instance: capturing a stack trace each time would take most of the time spent on a piece that is not a pickle.
 */
export const BROKEN = new BrokenPickle();

/** Python's own unpickler allows more, but no real pickle needs it, since picklers fill containers in batches. */
const MAX_DEPTH = 4_000_000;
/** A larger index makes Python's unpickler allocate gigabytes, and no real pickle memoizes so many objects. */
const MAX_MEMO_INDEX = 2 ** 26;
/**
 * Maximum number of strings in the memo. Further strings are dropped, and an import whose name is one of them counts as
 * hidden.
 */
const MAX_MEMO_TEXTS = 200_000;

const EMPTY = new Uint8Array(0);
const FREE = 0;
const OTHER = 1;
const TEXT = 2;

/** Stack, marks and memo of an unpickler that executes nothing. Throws where Python's own would fail. */
export class PickleStack {
  readonly #values: Value[] = [];
  /** Height of the stack at each open mark. */
  readonly #marks: number[] = [];
  readonly #texts = new Map<number, string>();
  /**
   * One byte for each memo index: whether it is used, and whether it holds a string. Reading the map instead would take
   * most of the time.
   */
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

  /** Pop `count` values and push one. */
  replace(count: number): void {
    for (let left = count; left > 0; left--) this.pop();
    this.push(null);
  }

  /** Pop the `count` values above a container, which stays. */
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

  /** Pop the last mark and everything above it; return the number of values popped. */
  popMark(): number {
    const height = this.#marks.pop();
    if (height === undefined) throw BROKEN;
    const count = this.#values.length - height;
    this.#values.length = height;
    return count;
  }

  /** Pop a value, or the last mark if nothing is above it, as the opcode POP does. */
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

  /**
   * Store at the index that equals the number of used indices, even if it is already used, as the opcode MEMOIZE does.
   */
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
  return new ScanLimitError("has a pickle with a larger stack than can be examined");
}
