import type { TransportResponse } from "./transport.ts";

const BUFFER_BYTES = 1 << 20;
const FLUSH_MS = 200;

/** Options of {@linkcode writePart}. */
export interface WritePartOptions {
  /** Where the first byte goes. */
  readonly offset: number;
  /** Size of the whole file, if known: a small one needs no large buffers. */
  readonly totalBytes: number | null;
  /** Called after each write with the bytes and the position behind them. */
  readonly onWritten: (bytes: Uint8Array, position: number) => void;
  /** Called for bytes as they arrive; may wait, to limit the rate. */
  readonly onArrived: (bytes: number) => Promise<void> | undefined;
}

/**
 * Write a body to a file: small chunks are gathered into large buffers, and each write overlaps the next reads.
 *
 * @param response The body
 * @param file The open part, positioned at `offset`
 * @param options Callbacks
 * @returns The position behind the last byte
 */
export async function writePart(
  response: TransportResponse,
  file: Deno.FsFile,
  options: WritePartOptions,
): Promise<number> {
  const { offset, totalBytes, onWritten, onArrived } = options;
  const bufferBytes = Math.max(1, Math.min(BUFFER_BYTES, (totalBytes ?? Infinity) - offset));
  const buffers = [new Uint8Array(bufferBytes), new Uint8Array(bufferBytes)];
  let turn = 0;
  let writing = Promise.resolve();
  let position = offset;
  for (let isOpen = true; isOpen;) {
    const buffer = buffers[turn]!;
    const gathered = await gather(response, buffer, onArrived);
    isOpen = gathered.isOpen;
    await writing;
    const bytes = buffer.subarray(0, gathered.count);
    position += gathered.count;
    const end = position;
    writing = writeAll(file, bytes).then(() => onWritten(bytes, end));
    // Awaited in the next round; a failure must not count as unhandled until then.
    writing.catch(() => {});
    turn = 1 - turn;
    if (gathered.error === undefined) continue;
    // What came before the body broke is kept: the next try goes on behind it.
    await writing;
    throw gathered.error;
  }
  await writing;
  return position;
}

interface Gathered {
  readonly count: number;
  readonly isOpen: boolean;
  readonly error?: unknown;
}

/** Fill a buffer, or as much of it as comes in a fifth of a second: a slow line must not keep much unwritten. */
async function gather(
  response: TransportResponse,
  buffer: Uint8Array,
  onArrived: WritePartOptions["onArrived"],
): Promise<Gathered> {
  const deadline = performance.now() + FLUSH_MS;
  let count = 0;
  try {
    while (count < buffer.length) {
      const got = await response.read(buffer.subarray(count));
      if (got === null) return { count, isOpen: false };
      count += got;
      const wait = onArrived(got);
      if (wait !== undefined) await wait;
      if (performance.now() > deadline) break;
    }
    return { count, isOpen: true };
  } catch (error) {
    return { count, isOpen: false, error };
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
