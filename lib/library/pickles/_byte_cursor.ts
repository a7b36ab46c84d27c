import type { ByteReader } from "./byte_reader.ts";

/** A forward-only source of bytes in pieces; it can skip long runs. */
export interface PickleSource {
  /** Return the next piece; `null` at the end. */
  pull(): Promise<Uint8Array | null>;
  /** Skip `count` bytes, or all that are left. */
  leaveOut(count: number): Promise<void>;
}

const EMPTY = new Uint8Array(0);
/** Sizes of successive reads. They grow, because the first bytes show for most entries that they are not pickles. */
const PIECES = [4096, 65_536, 1024 * 1024] as const;

/** Build a source that reads a reader from start to end. */
export function sourceOf(
  reader: ByteReader,
  options: { readonly signal?: AbortSignal | undefined } = {},
): PickleSource {
  let offset = 0;
  let pieces = 0;
  return {
    async pull() {
      options.signal?.throwIfAborted();
      const piece = await reader.read(offset, PIECES[Math.min(pieces++, PIECES.length - 1)]!);
      offset += piece.length;
      // Bytes in memory arrive without a pause, so without this one an abort signal would never be noticed.
      if (piece.length === PIECES.at(-1)) await new Promise<void>((resolve) => setTimeout(resolve));
      return piece.length === 0 ? null : piece;
    },
    leaveOut(count) {
      // A pickle can state any length, but no file can be read at an offset that far beyond its end.
      offset = Math.min(offset + count, reader.sizeBytes);
      return Promise.resolve();
    },
  };
}

/** The data ended inside a value. */
export class EndOfData extends Error {}

/**
 * Shared instance. It is thrown for each of the many thousands of pieces that are not pickles, and capturing a stack
 * trace each time would take most of the time.
 */
const END_OF_DATA = new EndOfData();

/**
 * Reads forward through a source. Synchronous methods read only what is in the buffer; call {@linkcode ByteCursor.fill}
 * before them.
 */
export class ByteCursor {
  readonly #source: PickleSource;
  #piece: Uint8Array = EMPTY;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #isOver = false;
  /** Number of bytes read or skipped so far. */
  #passed = 0;
  /** Position that reads must not pass, counted from the start. */
  #end = Infinity;

  constructor(source: PickleSource) {
    this.#source = source;
  }

  /** Number of bytes that can be read without waiting. */
  get ready(): number {
    return Math.min(this.#piece.length - this.#at, this.#end - this.#passed);
  }

  /** Whether the buffer holds everything that may still be read. */
  get isOver(): boolean {
    return this.#isOver || this.#end - this.#passed <= this.#piece.length - this.#at;
  }

  /** Buffer `count` bytes, or all that are left. */
  async fill(count: number): Promise<void> {
    while (this.ready < count && !this.isOver) {
      const more = await this.#source.pull();
      if (more === null) {
        this.#isOver = true;
        return;
      }
      const rest = this.#piece.subarray(this.#at);
      if (rest.length === 0) this.#piece = more;
      else {
        this.#piece = new Uint8Array(rest.length + more.length);
        this.#piece.set(rest);
        this.#piece.set(more, rest.length);
      }
      this.#view = new DataView(this.#piece.buffer, this.#piece.byteOffset, this.#piece.byteLength);
      this.#at = 0;
    }
  }

  /** Whether nothing is left to read. */
  async isAtEnd(): Promise<boolean> {
    if (this.ready === 0) await this.fill(1);
    return this.ready === 0;
  }

  byte(): number {
    return this.#piece[this.#take(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** Inexact above 2^53, but then larger than any file. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** Read bytes from the buffer; valid until the next wait. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#piece.subarray(start, start + count);
  }

  /** Return a byte of the buffer without consuming it; `undefined` if the buffer has fewer. */
  peek(index: number): number | undefined {
    return index < this.ready ? this.#piece[this.#at + index] : undefined;
  }

  /**
   * Read a line that is completely buffered, without its line feed. Return `null` if it is not completely buffered;
   * {@linkcode ByteCursor.longLine} reads such a line.
   */
  line(): Uint8Array | null {
    // Search no further than the limit: with many short limits in one piece, each search would run to the end of the
    // piece.
    const ready = this.#piece.subarray(this.#at, this.#at + this.ready);
    const length = ready.indexOf(0x0a);
    if (length < 0) return null;
    this.#take(length + 1);
    return ready.subarray(0, length);
  }

  /** Read a line of any length, and return its first `keep` bytes. */
  async longLine(keep: number): Promise<Uint8Array> {
    let kept: Uint8Array = EMPTY;
    for (;;) {
      if (await this.isAtEnd()) throw END_OF_DATA;
      const line = this.line();
      const part = line ?? this.bytes(this.ready);
      const joined = new Uint8Array(Math.min(keep, kept.length + part.length));
      joined.set(kept);
      joined.set(part.subarray(0, joined.length - kept.length), kept.length);
      kept = joined;
      if (line !== null) return kept;
    }
  }

  /** Skip `count` bytes, buffered or not. */
  async skip(count: number): Promise<void> {
    if (count > this.#end - this.#passed) throw END_OF_DATA;
    const ready = Math.min(count, this.ready);
    this.#take(ready);
    if (count === ready) return;
    await this.#source.leaveOut(count - ready);
    this.#passed += count - ready;
  }

  /** Limit reads to the next `count` bytes while `work` runs, then continue after them. */
  async within<T>(count: number, work: () => Promise<T>): Promise<T> {
    const outer = this.#end;
    const end = this.#passed + count;
    if (end > outer) throw END_OF_DATA;
    this.#end = end;
    try {
      return await work();
    } finally {
      this.#end = outer;
      await this.skip(end - this.#passed);
    }
  }

  #take(count: number): number {
    if (count > this.ready) throw END_OF_DATA;
    const start = this.#at;
    this.#at += count;
    this.#passed += count;
    return start;
  }
}
