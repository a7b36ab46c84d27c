import type { TransportResponse } from "../http/transport.ts";

/** A line must not keep much unwritten, for a kill to lose: four connections at once have four buffers. */
const FLUSH_MS = 2;
/** What waits in a buffer while nothing comes is written after so long. */
const IDLE_MS = 3;

/** What is left of a file that is smaller is written at once: to hand it to another thread costs more than the copy. */
const AT_ONCE_BYTES = 256 << 10;

/** Options of {@linkcode writePart}. */
export interface WritePartOptions {
  /** Where the first byte goes. */
  readonly position: number;
  /** Where to stop; may come nearer while the body is written, but never into a buffer that is being filled. */
  readonly end: () => number;
  /** Bytes gathered before they are written, at most. */
  readonly bufferBytes: number;
  /** Bytes to gather at once now, if that is less. */
  readonly gulpBytes: () => number;
  /** Called before each write, for what came since the last; may wait, to limit the rate. */
  readonly onGathered: (bytes: number, waitedMs: number) => Promise<void> | undefined;
  /** Called after each write with the bytes and the position behind them. */
  readonly onWritten: (bytes: Uint8Array, position: number) => void;
}

/**
 * Write a body to a file: small chunks are gathered into large buffers, and each write overlaps the next reads.
 *
 * @param response The body
 * @param file The open part, positioned at `position`
 * @param options Where, and callbacks
 * @returns The position behind the last byte
 */
export async function writePart(
  response: TransportResponse,
  file: Deno.FsFile,
  options: WritePartOptions,
): Promise<number> {
  const { end, bufferBytes, gulpBytes, onGathered } = options;
  // A small file is whole in the first; the second is made when it is wanted.
  const buffers: Uint8Array<ArrayBuffer>[] = [];
  const queue = new WriteQueue(file, options);
  const timer = setInterval(() => queue.writeIdle(), IDLE_MS);
  try {
    let isOpen = true;
    for (let turn = 0; isOpen && queue.position < end(); turn = 1 - turn) {
      const room = Math.min(bufferBytes, gulpBytes(), end() - queue.position);
      const buffer = buffers[turn] ??= new Uint8Array(bufferBytes);
      const gathered = await gather(response, queue.fill(buffer.subarray(0, room)));
      isOpen = gathered.isOpen;
      const wait = onGathered(gathered.count, gathered.waitedMs);
      // Awaited below, unless a write fails first: then its own failure must not count as unhandled.
      wait?.catch(() => {});
      // The other buffer is free again only when it is written.
      await queue.settled();
      queue.writeRest();
      // What came before the body broke is kept: the next try goes on behind it.
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
  /** Bytes that are in it. */
  count: number;
  /** Those of them that were given to be written. */
  written: number;
  /** Those that were in it at the last look. */
  seen: number;
}

/** Writes one after another, and what waits in the buffer that is being filled. */
class WriteQueue {
  /** Behind the last byte that was given to be written. */
  position: number;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #onWritten: WritePartOptions["onWritten"];
  #filling: Filling = { buffer: new Uint8Array(0), count: 0, written: 0, seen: 0 };
  #writing = Promise.resolve();

  constructor(file: Deno.FsFile, { position, bufferBytes, onWritten }: WritePartOptions) {
    this.#write = bufferBytes < AT_ONCE_BYTES
      ? (bytes) => Promise.try(() => writeAllAtOnce(file, bytes))
      : (bytes) => writeAll(file, bytes);
    this.position = position;
    this.#onWritten = onWritten;
  }

  /** Begin with a buffer. */
  fill(buffer: Uint8Array): Filling {
    return this.#filling = { buffer, count: 0, written: 0, seen: 0 };
  }

  /** Give all that is in the buffer to be written. */
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

  /** The same, if nothing has come since the last look. */
  writeIdle(): void {
    if (this.#filling.count === this.#filling.seen) this.writeRest();
    this.#filling.seen = this.#filling.count;
  }

  /** Wait until all is written that was given. */
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

/** Fill a buffer, or as much of it as comes in two milliseconds. */
async function gather(response: TransportResponse, filling: Filling): Promise<Gathered> {
  const { buffer } = filling;
  const begun = performance.now();
  let now = begun;
  const told = (isOpen: boolean): Gathered => ({ count: filling.count, waitedMs: now - begun, isOpen });
  try {
    while (filling.count < buffer.length && now - begun < FLUSH_MS) {
      const got = await response.read(buffer.subarray(filling.count));
      now = performance.now();
      if (got === null) return told(false);
      filling.count += got;
    }
    return told(true);
  } catch (error) {
    now = performance.now();
    return { ...told(false), error };
  }
}

function writeAllAtOnce(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
