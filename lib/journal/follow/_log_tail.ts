import { Anchor, readAt } from "./_anchor.ts";
import { LineSplitter, type SplitCounts } from "../_line_splitter.ts";
import type { LogPosition } from "./log_position.ts";

/** Longer lines are dropped and counted, in bytes; no more than this is buffered of a line. */
const MAX_LINE_BYTES = 1024 * 1024;
/** Number of bytes read at once. */
const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

/** Options of {@linkcode LogTail.open}. */
export interface LogTailOptions {
  readonly counts: SplitCounts;
}

/**
 * One open file of a log, and the offset up to which it was read. While it is open, the system cannot reuse its inode.
 */
export class LogTail implements Disposable {
  readonly dev: number;
  readonly ino: number;
  /** When it last grew, on the caller's monotonic clock, in milliseconds. */
  grewAt = 0;
  readonly #file: Deno.FsFile;
  readonly #options: { readonly maxBytes: number; readonly counts: SplitCounts };
  #splitter: LineSplitter;
  /**
   * `#read` is where reading continues. `#line` is where the unfinished line there begins, which is where a restart
   * continues.
   */
  #read: Anchor;
  #line: Anchor;
  #mtimeMs: number;

  private constructor(
    file: Deno.FsFile,
    info: Deno.FileInfo,
    options: LogTailOptions & { readonly anchor: Anchor; readonly mtimeMs: number },
  ) {
    const { anchor, mtimeMs } = options;
    this.#file = file;
    this.#read = anchor;
    this.#line = anchor;
    this.#mtimeMs = mtimeMs;
    this.dev = info.dev;
    this.ino = info.ino ?? 0;
    this.#options = { maxBytes: MAX_LINE_BYTES, counts: options.counts };
    this.#splitter = new LineSplitter(this.#options);
  }

  /**
   * Open a file at a saved position, at the start of its unfinished last line (`end`), or at its start.
   *
   * @returns The tail, or `undefined` if the file does not match the saved position
   */
  static async open(
    path: string,
    where: LogPosition | "end" | "start",
    options: LogTailOptions,
  ): Promise<LogTail | undefined> {
    // Opening a pipe would wait for somebody to write to it.
    if (!(await Deno.stat(path)).isFile) throw new Deno.errors.InvalidData("it is not a regular file");
    const file = await Deno.open(path);
    try {
      const info = await file.stat();
      const begin = typeof where === "string" ? 0 : where.offset;
      const offset = where === "end" ? await lastLineAt(file, info.size) : begin;
      const anchor = await Anchor.read(file, offset);
      const isRight = anchor !== null && (typeof where === "string" || anchor.text === where.fingerprint);
      const mtimeMs = typeof where === "string" ? info.mtime?.getTime() ?? 0 : where.mtimeMs;
      if (isRight) return new LogTail(file, info, { ...options, anchor, mtimeMs });
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return undefined;
  }

  /** The position to save for a restart: the start of the unfinished line. */
  get position(): LogPosition {
    const { offset, text } = this.#line;
    return { dev: this.dev, ino: this.ino, offset, fingerprint: text, mtimeMs: this.#mtimeMs };
  }

  /** Whether the bytes before the read offset have changed, as after a truncation. */
  async isTruncated(): Promise<boolean> {
    return (await Anchor.read(this.#file, this.#read.offset))?.text !== this.#read.text;
  }

  /**
   * Read everything that has been added so far, line by line.
   *
   * @returns Number of bytes read; `null` if the bytes that were read earlier have changed, which means that the file
   * was truncated
   */
  async drain(
    onLine: (line: string) => void,
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<number | null> {
    const { size, mtime } = await this.#file.stat();
    if (size < this.#read.offset) return null;
    // Check even if size and date are unchanged: a file may be truncated and rewritten within the clock's resolution.
    const buffer = new Uint8Array(Math.min(CHUNK, size - this.#read.offset));
    let total = 0;
    do {
      options.signal?.throwIfAborted();
      const count = await readAt(this.#file, buffer, this.#read.offset);
      // Checked after reading: the bytes are valid only if the file was not truncated before they were read.
      if (await this.isTruncated()) return null;
      if (count === 0) break;
      this.#take(buffer.subarray(0, count), onLine);
      total += count;
    } while (this.#read.offset < size);
    this.#mtimeMs = mtime?.getTime() ?? 0;
    return total;
  }

  /** Start again at the beginning of the file. */
  rewind(): void {
    this.#read = Anchor.START;
    this.#line = Anchor.START;
    this.#splitter = new LineSplitter(this.#options);
  }

  /** Pass on the unterminated last line. Call this only when the file will no longer grow. */
  finish(onLine: (line: string) => void): void {
    const line = this.#splitter.finish();
    if (line !== undefined) onLine(line);
  }

  #take(bytes: Uint8Array, onLine: (line: string) => void): void {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) this.#line = this.#read.after(bytes.subarray(0, end));
    this.#read = this.#read.after(bytes);
    for (const line of this.#splitter.push(bytes)) onLine(line);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/**
 * Find the offset at which the unfinished last line begins. If the last 64 KiB of a larger file contain no newline,
 * return the end of the file, which is in the middle of that line.
 */
async function lastLineAt(file: Deno.FsFile, size: number): Promise<number> {
  const buffer = new Uint8Array(Math.min(CHUNK, size));
  const start = size - buffer.length;
  const length = await readAt(file, buffer, start);
  const end = buffer.subarray(0, length).lastIndexOf(NEWLINE) + 1;
  return end > 0 || start === 0 ? start + end : size;
}
