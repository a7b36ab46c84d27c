import { openNoFollowSync } from "./open_no_follow.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";
import { rotateFiles } from "./rotate_files.ts";

/** Limits for the size and number of log files. */
export interface RotationLimits {
  /**
   * Maximum size of the log in bytes. A line that would exceed it first renames the log to `NAME.1`, `NAME.1` to
   * `NAME.2`, and so on.
   */
  readonly maxBytes: number;
  /** Number of old files to keep; with 0 the log is removed instead of renamed. */
  readonly keep: number;
}

/** Maximum wait for another process that rotates the log; after that, the line is appended without rotation. */
const LOCK_MS = 1000;
const NAP_MS = 2;

/**
 * Append a line to a log that several processes write. Each line is one write to a file opened for appending. A log
 * that would grow too large becomes `NAME.1`, and so on, under a lock; a process that opened the log just before writes
 * its line to `NAME.1`, or loses it if no old files are kept.
 *
 * @param path The log; its folder must exist
 * @param line The line, without a line break at its end
 * @param limits When to rotate
 * @throws {Deno.errors.NotFound} If the folder does not exist; other errors of the file system are passed on
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
  // Another process may have rotated the log already. Rotating an empty log would not help a line that exceeds the
  // limit alone.
  if (size === 0 || size + more <= maxBytes) return;
  rotateFiles(path, keep);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
