import { openNoFollowSync } from "./open_no_follow.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";

/** How far a log may grow. */
export interface RotationLimits {
  /** A file beyond this size becomes `NAME.1`, and so on. */
  readonly maxBytes: number;
  /** Old files to keep. */
  readonly keep: number;
}

/** Another process rotates for so long at most; then the line goes into the file as it is. */
const LOCK_MS = 1000;
const NAP_MS = 2;

/**
 * Append a line to a log that several processes write: each line is one write to a file opened for appending. A file that
 * would grow too large becomes `NAME.1`, and so on, under a lock; who has just opened it writes into `NAME.1`.
 *
 * @param path The log; its folder must exist
 * @param line Without its end
 * @param limits When to rotate
 * @throws {Deno.errors.NotFound} And other errors of the file system
 */
export function appendRotated(path: string, line: string, limits: RotationLimits): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  if (sizeOf(path) + bytes.length > limits.maxBytes) rotate(path, bytes.length, limits);
  using file = openNoFollowSync(path, { append: true, create: true, mode: PRIVATE_FILE_MODE });
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}

function rotate(path: string, more: number, { maxBytes, keep }: RotationLimits): void {
  using lock = openNoFollowSync(`${path}.lock`, { create: true, write: true, mode: PRIVATE_FILE_MODE });
  const end = performance.now() + LOCK_MS;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!lock.tryLockSync(true)) {
    if (performance.now() >= end) return;
    Atomics.wait(never, 0, 0, NAP_MS);
  }
  const size = sizeOf(path);
  // Another process may have been quicker, and a line that is too large alone would rotate for nothing.
  if (size === 0 || size + more <= maxBytes) return;
  for (let number = keep; number >= 1; number--) {
    moveIfThere(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    // Fewer old files than we may keep.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
