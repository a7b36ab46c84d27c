import { type Clock, systemClock } from "../clock.ts";
import { systemFault } from "./system_fault.ts";

/** Options of {@linkcode renameFile}. */
export interface RenameFileOptions {
  /**
   * How long to try again while another program has a file open, in milliseconds.
   *
   * @default {1000}
   */
  readonly patienceMs?: number | undefined;
  /**
   * Renames once; tests pass a failing one.
   *
   * @default {Deno.rename}
   */
  readonly rename?: ((from: string, to: string) => Promise<void> | void) | undefined;
  /**
   * The operating system, a seam for tests.
   *
   * @default {Deno.build.os}
   */
  readonly os?: typeof Deno.build.os | undefined;
  /**
   * Time source, a seam for tests.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

const PATIENCE_MS = 1000;
const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 100;

/**
 * Rename a file or folder. Everything that the program renames goes through here or {@linkcode renameFileSync}.
 *
 * On Windows, a virus scanner, an indexer or a reader often has a new file open for some milliseconds, and the rename
 * then fails with "access denied" (5) or "used by another process" (32). It is tried again for up to a second. On other
 * systems, an open file can be renamed, and a missing permission does not go away: the first such error is final.
 *
 * @param to The new path; a file there is replaced
 * @throws {Error} The last error of the file system
 */
export async function renameFile(from: string, to: string, options: RenameFileOptions = {}): Promise<void> {
  const { patienceMs = PATIENCE_MS, rename = Deno.rename, os = Deno.build.os, clock = systemClock } = options;
  const end = clock.monotonic() + patienceMs;
  for (let waitMs = FIRST_WAIT_MS;; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await rename(from, to);
    } catch (error) {
      const leftMs = end - clock.monotonic();
      if (leftMs <= 0 || !mayPass(error, os)) throw error;
      await clock.sleep(Math.min(waitMs, leftMs));
    }
  }
}

/**
 * {@linkcode renameFile} of a small file, for which the way to another thread takes longer than the call: this thread
 * renames, and is not blocked while it waits to try again.
 *
 * @param to The new path; a file there is replaced
 * @throws {Error} The last error of the file system
 */
export function renameAtOnce(from: string, to: string): Promise<void> {
  return renameFile(from, to, { rename: Deno.renameSync });
}

/** Options of {@linkcode renameFileSync}. */
export interface RenameFileSyncOptions extends Pick<RenameFileOptions, "patienceMs" | "os"> {
  /**
   * Renames once, a seam for tests.
   *
   * @default {Deno.renameSync}
   */
  readonly rename?: ((from: string, to: string) => void) | undefined;
  /**
   * Blocks this thread, a seam for tests.
   *
   * @default {a wait that nothing wakes}
   */
  readonly block?: ((ms: number) => void) | undefined;
}

/**
 * Synchronous {@linkcode renameFile}; it blocks while it waits.
 *
 * @param to The new path; a file there is replaced
 * @throws {Error} The last error of the file system
 */
export function renameFileSync(from: string, to: string, options: RenameFileSyncOptions = {}): void {
  const { patienceMs = PATIENCE_MS, rename = Deno.renameSync, os = Deno.build.os, block = blockFor } = options;
  let leftMs = patienceMs;
  for (let waitMs = FIRST_WAIT_MS;; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return rename(from, to);
    } catch (error) {
      if (leftMs <= 0 || !mayPass(error, os)) throw error;
      const pauseMs = Math.min(waitMs, leftMs);
      block(pauseMs);
      leftMs -= pauseMs;
    }
  }
}

/** Whether another program may close the file soon. Linux reports "in use" for files of a Windows share. */
function mayPass(error: unknown, os: typeof Deno.build.os): boolean {
  const fault = systemFault(error, os);
  return fault === "in-use" || (os === "windows" && fault === "denied");
}

function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
