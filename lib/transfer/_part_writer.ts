import type { TransportResponse } from "./transport.ts";

/** A slow line must not keep much unwritten. */
const FLUSH_MS = 200;

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
  const { end, bufferBytes, gulpBytes, onWritten, onGathered } = options;
  const buffers = [new Uint8Array(bufferBytes), new Uint8Array(bufferBytes)];
  let turn = 0;
  let writing = Promise.resolve();
  let position = options.position;
  for (let isOpen = true; isOpen && position < end();) {
    const buffer = buffers[turn]!.subarray(0, Math.min(bufferBytes, gulpBytes(), end() - position));
    const gathered = await gather(response, buffer);
    isOpen = gathered.isOpen;
    await writing;
    const bytes = buffer.subarray(0, gathered.count);
    position += gathered.count;
    const written = position;
    writing = writeAll(file, bytes).then(() => onWritten(bytes, written));
    // Awaited in the next round; a failure must not count as unhandled until then.
    writing.catch(() => {});
    turn = 1 - turn;
    // What came before the body broke is kept: the next try goes on behind it.
    const wait = onGathered(gathered.count, gathered.waitedMs);
    if (gathered.error === undefined) {
      if (wait !== undefined) await wait.catch(async (error) => await writing.then(() => Promise.reject(error)));
      continue;
    }
    await writing;
    throw gathered.error;
  }
  await writing;
  return position;
}

interface Gathered {
  readonly count: number;
  readonly waitedMs: number;
  readonly isOpen: boolean;
  readonly error?: unknown;
}

/** Fill a buffer, or as much of it as comes in a fifth of a second. */
async function gather(response: TransportResponse, buffer: Uint8Array): Promise<Gathered> {
  const begun = performance.now();
  let now = begun;
  let count = 0;
  try {
    while (count < buffer.length && now - begun < FLUSH_MS) {
      const got = await response.read(buffer.subarray(count));
      now = performance.now();
      if (got === null) return { count, waitedMs: now - begun, isOpen: false };
      count += got;
    }
    return { count, waitedMs: now - begun, isOpen: true };
  } catch (error) {
    return { count, waitedMs: performance.now() - begun, isOpen: false, error };
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
