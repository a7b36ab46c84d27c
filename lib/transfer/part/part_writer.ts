import type { TransportResponse } from "../http/transport.ts";
import { SIZE_THRESHOLDS } from "../size_thresholds.ts";
import type { HashFollower } from "./hash_follower.ts";

/**
 * How long to gather bytes before a write, even if the buffer is not full. Short, because a kill loses the buffers of
 * up to four connections.
 */
const FLUSH_MS = 2;
/** How long to gather while earlier bytes are still being written: those that wait would not be written sooner. */
const BUSY_FLUSH_MS = 50;
/** Buffered bytes are reported and written when nothing has arrived for about this long. */
const IDLE_MS = 3;
/** While one of two buffers is written, the other one is filled. */
const BUFFERS = 2;
/**
 * Buffers for another thread that also hashes. It falls behind whenever the system gives its core to another thread,
 * and then catches up, because it is faster than a connection; with fewer buffers, both cores would wait for each other.
 */
const HANDED_BUFFERS = 6;

/** Options of {@linkcode writePart}. */
export interface WritePartOptions {
  /** Position in the file of the first byte. */
  readonly position: number;
  /** Exclusive end; may move closer while the body is written, but never into a buffer that is being filled. */
  readonly end: () => number;
  /**
   * Writes in another thread. What it refuses is written to the file here. Absent to write everything here.
   */
  readonly write?: HashFollower["write"];
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
  const { end, gulpBytes, nowMs = () => performance.now() } = options;
  const queue = new WriteQueue(file, options);
  const reporter = new Reporter(options);
  const timer = setInterval(() => {
    const filling = queue.findIdle();
    if (filling !== null && reporter.reportIdle(filling, nowMs())) queue.writeRest();
  }, IDLE_MS);
  try {
    let isOpen = true;
    while (isOpen && queue.position < end()) {
      const buffer = await queue.freeBuffer();
      const room = Math.min(buffer.length, gulpBytes(), end() - queue.position);
      const filling = queue.fill(buffer.subarray(0, room), nowMs());
      const gathered = await gather(response, { filling, nowMs, isBusy: () => queue.isBusy });
      isOpen = gathered.isOpen;
      const wait = reporter.report(filling, gathered.at);
      const earlier = queue.settled();
      queue.finish(buffer);
      // Bytes that arrived before the body broke are kept: the next attempt resumes after them.
      if (gathered.error !== undefined) throw gathered.error;
      if (wait !== undefined) await Promise.all([wait, earlier]);
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

/** Serializes the writes, including idle writes from the buffer that is being filled, and owns the buffers. */
class WriteQueue {
  /** Position after the last byte that was queued for writing. */
  position: number;
  readonly #way: WriteWay;
  readonly #onWritten: WritePartOptions["onWritten"];
  readonly #free: Uint8Array[] = [];
  /** The writes of whole buffers that have not ended, the oldest first. */
  readonly #busy: Promise<void>[] = [];
  #filling = emptyFilling(new Uint8Array(0), 0);
  #writing = Promise.resolve();

  constructor(file: Deno.FsFile, options: WritePartOptions) {
    this.#way = chooseWay(file, options);
    this.position = options.position;
    this.#onWritten = options.onWritten;
  }

  /** Whether bytes of earlier buffers are being written. */
  get isBusy(): boolean {
    return this.#busy.length > 0;
  }

  /** Return a buffer that may be filled; waits for the oldest write if there is none. Rejects if that write failed. */
  async freeBuffer(): Promise<Uint8Array> {
    if (this.#free.length === 0 && this.#busy.length >= this.#way.buffers) await this.#busy[0];
    // The one that became free last is the most likely to be in a cache. A small file needs only one.
    return this.#free.pop() ?? this.#way.allocate();
  }

  /** Start to fill a part of a buffer. */
  fill(buffer: Uint8Array, now: number): Filling {
    return this.#filling = emptyFilling(buffer, now);
  }

  /** Queue everything in the buffer that has not been queued yet. */
  writeRest(): void {
    const { buffer, count, written } = this.#filling;
    if (count === written) return;
    const bytes = buffer.subarray(written, count);
    this.#filling.written = count;
    const start = this.position;
    this.position += bytes.length;
    const end = this.position;
    const write = this.#way.begin(bytes, start);
    this.#writing = this.#writing.then(write).then(() => this.#onWritten(bytes, end));
    // Awaited by settled(); a failure must not count as unhandled until then.
    this.#writing.catch(() => {});
  }

  /** Queue the rest of a buffer, which may be filled again after all its writes. */
  finish(buffer: Uint8Array): void {
    this.writeRest();
    const busy = this.#writing.then(() => {
      this.#busy.shift();
      this.#free.push(buffer);
    });
    busy.catch(() => {});
    this.#busy.push(busy);
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

/** Where writes are made, and from which memory. */
interface WriteWay {
  /** Maximum number of buffers. */
  readonly buffers: number;
  readonly allocate: () => Uint8Array;
  /** Return the write to make after all that were begun before it; another thread may already begin. */
  readonly begin: (bytes: Uint8Array, position: number) => () => Promise<void>;
}

function chooseWay(file: Deno.FsFile, { bufferBytes, write }: WritePartOptions): WriteWay {
  const here = { buffers: BUFFERS, allocate: () => new Uint8Array(bufferBytes) };
  if (bufferBytes < SIZE_THRESHOLDS.writeInThreadFrom) {
    return { ...here, begin: (bytes) => () => Promise.try(() => writeAllAtOnce(file, bytes)) };
  }
  if (write === undefined) return { ...here, begin: (bytes) => () => writeAll(file, bytes) };
  return {
    buffers: HANDED_BUFFERS,
    allocate: () => new Uint8Array(new SharedArrayBuffer(bufferBytes)),
    begin(bytes, position) {
      // All buffers are from `allocate`.
      const handed = write(bytes as Uint8Array<SharedArrayBuffer>, position);
      // Awaited after the writes before it; a failure must not count as unhandled until then.
      handed.catch(() => {});
      return async () => {
        if (await handed) return;
        await file.seek(position, Deno.SeekMode.Start);
        await writeAll(file, bytes);
      };
    },
  };
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
  /** Whether earlier bytes are being written. */
  readonly isBusy: () => boolean;
}

/**
 * Fill a buffer with what arrives within `FLUSH_MS`, or while earlier bytes are being written, but read at least once.
 * Read errors are returned, not thrown.
 */
async function gather(response: TransportResponse, { filling, nowMs, isBusy }: GatherOptions): Promise<Gathered> {
  const { buffer } = filling;
  const startMs = filling.reportedAt;
  let at = startMs;
  try {
    while (filling.count < buffer.length && at - startMs < (isBusy() ? BUSY_FLUSH_MS : FLUSH_MS)) {
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
