import type { TransportResponse } from "../http/transport.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";

/**
 * How long to gather bytes before a write, even if the buffer is not full. Short, because a kill loses the buffers of
 * up to four connections.
 */
const FLUSH_MS = 2;
/** Buffered bytes are reported and written when nothing has arrived for about this long. */
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
   * Called before each write with the number of bytes gathered since the last one, and the time that they took; within
   * milliseconds of their arrival, even if the next read waits for long. The returned promise delays further reads, to
   * limit the rate.
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
  const { end, bufferBytes, gulpBytes, nowMs = () => performance.now() } = options;
  // A small file fits into the first buffer; the second is allocated only when it is needed.
  const buffers: Uint8Array<ArrayBuffer>[] = [];
  const queue = new WriteQueue(file, options);
  const reporter = new Reporter(options);
  const timer = setInterval(() => {
    const filling = queue.findIdle();
    if (filling !== null && reporter.reportIdle(filling, nowMs())) queue.writeRest();
  }, IDLE_MS);
  try {
    let isOpen = true;
    for (let turn = 0; isOpen && queue.position < end(); turn = 1 - turn) {
      const room = Math.min(bufferBytes, gulpBytes(), end() - queue.position);
      const buffer = buffers[turn] ??= new Uint8Array(bufferBytes);
      const filling = queue.fill(buffer.subarray(0, room), nowMs());
      const gathered = await gather(response, { filling, nowMs });
      isOpen = gathered.isOpen;
      const wait = reporter.report(filling, gathered.at);
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
  /** Bytes of the buffer that were reported. */
  reported: number;
  /** When the buffer began to be filled, or the last report. */
  reportedAt: number;
  /** Value of `count` at the last idle check. */
  checkedCount: number;
}

/** Reports what was gathered, each byte once, and keeps the waits that this asks for. */
class Reporter {
  readonly #onGathered: WritePartOptions["onGathered"];
  #wait: Promise<unknown> | undefined;
  #refusal: { readonly error: unknown } | undefined;

  constructor({ onGathered }: Pick<WritePartOptions, "onGathered">) {
    this.#onGathered = onGathered;
  }

  /** Report the end of a gathering, also of no bytes; returns what to wait for before the next one. */
  report(filling: Filling, now: number): Promise<unknown> | undefined {
    if (this.#refusal !== undefined) throw this.#refusal.error;
    this.#report(filling, now);
    const wait = this.#wait;
    this.#wait = undefined;
    return wait;
  }

  /** Report bytes of a buffer while a read waits for more; `false` if they are refused, which `report()` throws. */
  reportIdle(filling: Filling, now: number): boolean {
    if (this.#refusal !== undefined) return false;
    try {
      if (filling.count > filling.reported) this.#report(filling, now);
    } catch (error) {
      this.#refusal = { error };
    }
    return this.#refusal === undefined;
  }

  #report(filling: Filling, now: number): void {
    const bytes = filling.count - filling.reported;
    const waitedMs = now - filling.reportedAt;
    filling.reported = filling.count;
    filling.reportedAt = now;
    const wait = this.#onGathered(bytes, waitedMs);
    // Awaited by the caller, unless a write fails first. In that case, its own failure must not count as unhandled.
    wait?.catch(() => {});
    this.#wait = this.#wait === undefined || wait === undefined ? this.#wait ?? wait : Promise.all([this.#wait, wait]);
    this.#wait?.catch(() => {});
  }
}

/** Serializes the writes, including idle writes from the buffer that is being filled. */
class WriteQueue {
  /** Position after the last byte that was queued for writing. */
  position: number;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #onWritten: WritePartOptions["onWritten"];
  #filling = emptyFilling(new Uint8Array(0), 0);
  #writing = Promise.resolve();

  constructor(file: Deno.FsFile, { position, bufferBytes, onWritten }: WritePartOptions) {
    this.#write = bufferBytes < SIZE_THRESHOLDS.writeInThreadFrom
      ? (bytes) => Promise.try(() => writeAllAtOnce(file, bytes))
      : (bytes) => writeAll(file, bytes);
    this.position = position;
    this.#onWritten = onWritten;
  }

  /** Start to fill a buffer. */
  fill(buffer: Uint8Array, now: number): Filling {
    return this.#filling = emptyFilling(buffer, now);
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

  /** Return the buffer if it has bytes that are not queued, and nothing has arrived since the last call. */
  findIdle(): Filling | null {
    const filling = this.#filling;
    const isIdle = filling.count === filling.checkedCount && filling.count > filling.written;
    filling.checkedCount = filling.count;
    return isIdle ? filling : null;
  }

  /** Wait until everything queued has been written; rejects with the first write error. */
  settled(): Promise<void> {
    return this.#writing;
  }
}

function emptyFilling(buffer: Uint8Array, reportedAt: number): Filling {
  return { buffer, count: 0, written: 0, reported: 0, reportedAt, checkedCount: 0 };
}

interface Gathered {
  /** When the last read ended. */
  readonly at: number;
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
  const startMs = filling.reportedAt;
  let at = startMs;
  try {
    while (filling.count < buffer.length && at - startMs < FLUSH_MS) {
      const count = await response.read(buffer.subarray(filling.count));
      at = nowMs();
      if (count === null) return { at, isOpen: false };
      filling.count += count;
    }
    return { at, isOpen: true };
  } catch (error) {
    return { at: nowMs(), isOpen: false, error };
  }
}

function writeAllAtOnce(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
