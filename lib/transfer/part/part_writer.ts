import type { TransportResponse } from "../http/transport.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";

/**
 * How long to gather bytes before a write, even if the buffer is not full. Short, because a kill loses the buffers of
 * up to four connections.
 */
const FLUSH_MS = 2;
/** Buffered bytes are written when nothing has arrived for about this long. */
const IDLE_MS = 3;

/** Options of {@linkcode writePart}. */
export interface WritePartOptions {
  /** Position in the file of the first byte. */
  readonly position: number;
  /** Exclusive end; may move closer while the body is written, but never into a buffer that is being filled. */
  readonly end: () => number;
  /** Maximum number of bytes to gather before they are written. */
  readonly bufferBytes: number;
  /** Current limit for the bytes to gather at once, set by the rate limiter; `Infinity` without one. */
  readonly gulpBytes: () => number;
  /**
   * Called before each write with the number of bytes gathered since the last one, and the time that they took. The
   * returned promise delays further reads, to limit the rate.
   */
  readonly onGathered: (bytes: number, waitedMs: number) => Promise<void> | undefined;
  /** Called after each write with the bytes and the position after them. */
  readonly onWritten: (bytes: Uint8Array, position: number) => void;
  /**
   * Monotonic time in milliseconds.
   *
   * @default {performance.now}
   */
  readonly nowMs?: (() => number) | undefined;
}

/**
 * Write a body to a file: small chunks are gathered in large buffers, and each write overlaps with the next reads.
 *
 * @param response The body
 * @param file The open part, positioned at `position`
 * @param options Positions, buffer sizes and callbacks
 * @returns The position after the last byte
 */
export async function writePart(
  response: TransportResponse,
  file: Deno.FsFile,
  options: WritePartOptions,
): Promise<number> {
  const { end, bufferBytes, gulpBytes, onGathered, nowMs = () => performance.now() } = options;
  // A small file fits into the first buffer; the second is allocated only when it is needed.
  const buffers: Uint8Array<ArrayBuffer>[] = [];
  const queue = new WriteQueue(file, options);
  const timer = setInterval(() => queue.writeIdle(), IDLE_MS);
  try {
    let isOpen = true;
    for (let turn = 0; isOpen && queue.position < end(); turn = 1 - turn) {
      const room = Math.min(bufferBytes, gulpBytes(), end() - queue.position);
      const buffer = buffers[turn] ??= new Uint8Array(bufferBytes);
      const gathered = await gather(response, { filling: queue.fill(buffer.subarray(0, room)), nowMs });
      isOpen = gathered.isOpen;
      const wait = onGathered(gathered.count, gathered.waitedMs);
      // Awaited below, unless a write fails first. In that case, its own failure must not count as unhandled.
      wait?.catch(() => {});
      // The other buffer is free only after it has been written.
      await queue.settled();
      queue.writeRest();
      // Bytes that arrived before the body broke are kept: the next attempt resumes after them.
      if (gathered.error !== undefined) throw gathered.error;
      if (wait !== undefined) await wait;
    }
  } finally {
    clearInterval(timer);
    await queue.settled();
  }
  return queue.position;
}

/** A buffer that is being filled. */
interface Filling {
  readonly buffer: Uint8Array;
  /** Bytes in the buffer. */
  count: number;
  /** Bytes of the buffer that were queued for writing. */
  written: number;
  /** Value of `count` at the last idle check. */
  checkedCount: number;
}

/** Serializes the writes, including idle writes from the buffer that is being filled. */
class WriteQueue {
  /** Position after the last byte that was queued for writing. */
  position: number;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #onWritten: WritePartOptions["onWritten"];
  #filling: Filling = { buffer: new Uint8Array(0), count: 0, written: 0, checkedCount: 0 };
  #writing = Promise.resolve();

  constructor(file: Deno.FsFile, { position, bufferBytes, onWritten }: WritePartOptions) {
    this.#write = bufferBytes < SIZE_THRESHOLDS.writeInThreadFrom
      ? (bytes) => Promise.try(() => writeAllAtOnce(file, bytes))
      : (bytes) => writeAll(file, bytes);
    this.position = position;
    this.#onWritten = onWritten;
  }

  /** Start to fill a buffer. */
  fill(buffer: Uint8Array): Filling {
    return this.#filling = { buffer, count: 0, written: 0, checkedCount: 0 };
  }

  /** Queue everything in the buffer that has not been queued yet. */
  writeRest(): void {
    const { buffer, count, written } = this.#filling;
    if (count === written) return;
    const bytes = buffer.subarray(written, count);
    this.#filling.written = count;
    this.position += bytes.length;
    const end = this.position;
    this.#writing = this.#writing.then(() => this.#write(bytes)).then(() => this.#onWritten(bytes, end));
    // Awaited by settled(); a failure must not count as unhandled until then.
    this.#writing.catch(() => {});
  }

  /** Queue the buffered bytes if nothing has arrived since the last call. */
  writeIdle(): void {
    if (this.#filling.count === this.#filling.checkedCount) this.writeRest();
    this.#filling.checkedCount = this.#filling.count;
  }

  /** Wait until everything queued has been written; rejects with the first write error. */
  settled(): Promise<void> {
    return this.#writing;
  }
}

interface Gathered {
  readonly count: number;
  readonly waitedMs: number;
  readonly isOpen: boolean;
  readonly error?: unknown;
}

interface GatherOptions {
  readonly filling: Filling;
  readonly nowMs: () => number;
}

/** Fill a buffer with what arrives within `FLUSH_MS`, but read at least once. Read errors are returned, not thrown. */
async function gather(response: TransportResponse, { filling, nowMs }: GatherOptions): Promise<Gathered> {
  const { buffer } = filling;
  const startMs = nowMs();
  let now = startMs;
  const result = (isOpen: boolean): Gathered => ({ count: filling.count, waitedMs: now - startMs, isOpen });
  try {
    while (filling.count < buffer.length && now - startMs < FLUSH_MS) {
      const count = await response.read(buffer.subarray(filling.count));
      now = nowMs();
      if (count === null) return result(false);
      filling.count += count;
    }
    return result(true);
  } catch (error) {
    now = nowMs();
    return { ...result(false), error };
  }
}

function writeAllAtOnce(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
