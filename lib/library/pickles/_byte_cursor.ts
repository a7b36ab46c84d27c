import type { ByteReader } from "./byte_reader.ts";

/** Bytes in their order, in pieces; long runs can be left out. */
export interface ByteSource {
  /** The next piece; `null` at the end. */
  pull(): Promise<Uint8Array | null>;
  /** Leave out so many bytes, or all that are left. */
  leaveOut(count: number): Promise<void>;
}

const EMPTY = new Uint8Array(0);
/** Most entries are no pickle, which their first bytes tell: the pieces grow. */
const PIECES = [4096, 65_536, 1024 * 1024] as const;

/** The bytes of a reader in their order. */
export function sourceOf(reader: ByteReader, options: { readonly signal?: AbortSignal | undefined } = {}): ByteSource {
  let offset = 0;
  let pieces = 0;
  return {
    async pull() {
      options.signal?.throwIfAborted();
      const piece = await reader.read(offset, PIECES[Math.min(pieces++, PIECES.length - 1)]!);
      offset += piece.length;
      // What is in memory comes without a pause, in which nobody would hear a signal.
      if (piece.length === PIECES.at(-1)) await new Promise<void>((resolve) => setTimeout(resolve));
      return piece.length === 0 ? null : piece;
    },
    leaveOut(count) {
      // A pickle may state any length: there is no place so far behind the end of a file.
      offset = Math.min(offset + count, reader.sizeBytes);
      return Promise.resolve();
    },
  };
}

/** The data ended inside of something. */
export class EndOfData extends Error {}

/** One for all: it is thrown for each of many thousand pieces that are no pickle, and a trace of its own would cost most. */
const END_OF_DATA = new EndOfData();

/**
 * Reads forward through a source. What is in its buffer is read without waiting; call {@linkcode ByteCursor.fill} first,
 * for nothing else waits.
 */
export class ByteCursor {
  readonly #source: ByteSource;
  #piece: Uint8Array = EMPTY;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #isOver = false;
  /** How many bytes lie behind. */
  #passed = 0;
  /** Where what may be read ends, counted from the start. */
  #end = Infinity;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes that can be read without waiting. */
  get ready(): number {
    return Math.min(this.#piece.length - this.#at, this.#end - this.#passed);
  }

  /** Whether waiting would bring no more than is ready. */
  get isOver(): boolean {
    return this.#isOver || this.#end - this.#passed <= this.#piece.length - this.#at;
  }

  /** Wait until `count` bytes are ready, or all that are left. */
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

  /** Whether nothing is left. */
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

  /** Beyond 2^53 it is not exact, and larger than any file. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** Bytes that are ready; valid until the next wait. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#piece.subarray(start, start + count);
  }

  /** One of the bytes that are ready, without taking it; `undefined` if so many are not. */
  peek(index: number): number | undefined {
    return index < this.ready ? this.#piece[this.#at + index] : undefined;
  }

  /** A line that is ready as a whole, without its end; `null` if it must be waited for, see {@linkcode ByteCursor.longLine}. */
  line(): Uint8Array | null {
    // Not beyond what is ready: many short limits in one piece would each be looked through to its end.
    const ready = this.#piece.subarray(this.#at, this.#at + this.ready);
    const length = ready.indexOf(0x0a);
    if (length < 0) return null;
    this.#take(length + 1);
    return ready.subarray(0, length);
  }

  /** A line of any length, of which the first `keep` bytes are given. */
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

  /** Leave out so many bytes. */
  async skip(count: number): Promise<void> {
    if (count > this.#end - this.#passed) throw END_OF_DATA;
    const ready = Math.min(count, this.ready);
    this.#take(ready);
    if (count === ready) return;
    await this.#source.leaveOut(count - ready);
    this.#passed += count - ready;
  }

  /** Let `count` bytes from here on be all that there is while `work` runs, and go on behind them. */
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
