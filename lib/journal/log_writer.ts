import {
  type Clock,
  lstatSyncOrNull,
  openNoFollowSync,
  PRIVATE_FILE_MODE,
  systemClock,
  systemFault,
} from "../base/mod.ts";
import { rotateFiles } from "./_rotate_files.ts";

/** Limits for the size and number of log files. */
export interface RotationLimits {
  /**
   * Maximum size of the log in bytes. A line that would exceed it first renames the log to `NAME.1`, `NAME.1` to
   * `NAME.2`, and so on. A line that is longer than the limit gets its own file.
   */
  readonly maxBytes: number;
  /** Number of old files to keep; with 0 the log is removed instead of renamed. */
  readonly keep: number;
}

/** Options of {@linkcode LogWriter}. */
export interface LogWriterOptions {
  /**
   * When to rotate.
   *
   * @default {never}
   */
  readonly rotation?: RotationLimits | undefined;
  /**
   * Renames a file when the log is rotated, a seam for tests.
   *
   * @default {Deno.renameSync, tried for 100 ms while another program has the file open}
   */
  readonly rename?: ((from: string, to: string) => void) | undefined;
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

/** Maximum wait for another process that rotates the log; after that, the line is appended without rotation. */
const LOCK_MS = 1000;
const LOCK_RETRY_MS = 2;
/** After a rotation that failed because another program has a file open, the next attempt waits this long. */
const BLOCKED_MS = 10_000;
const NEWLINE = 0x0a;

/**
 * Appends lines to a log that several processes may write at the same time.
 *
 * Each line is a single write to a file opened for appending, so that lines do not mix. If the file ends in a partial
 * line, left by a process that was killed or by a full disk, a line break is written first. Rotation takes place under
 * the lock file `NAME.lock`; a process that is about to write at that moment writes its line to `NAME.1`, or loses it
 * if no old files are kept.
 *
 * On Windows, a viewer that has the log open can prevent its renaming. The log then grows beyond its limit, and the
 * rotation is tried again every 10 seconds; no line is lost.
 */
export class LogWriter implements Disposable {
  /** Path of the log. */
  readonly path: string;
  readonly #options: LogWriterOptions;
  #file: Deno.FsFile | undefined;
  #identity = "";
  #blockedUntil = -Infinity;

  /**
   * Create a writer; the first line opens the log.
   *
   * @param path The log; its folder must exist when the first line is written
   */
  constructor(path: string, options: LogWriterOptions = {}) {
    this.path = path;
    this.#options = options;
  }

  /**
   * Append a line.
   *
   * @param line The line, without a line break at its end
   * @throws {Deno.errors.NotFound} If the folder does not exist. Other errors of the file system are passed on as well,
   * and the next call tries again
   * @throws {KitError} `unsafe` if the log is a symbolic link, a device or a pipe
   */
  append(line: string): void {
    const bytes = new TextEncoder().encode(`${line}\n`);
    const file = this.#openFor(bytes.length);
    try {
      // A full disk may accept only a part of the line: writing the rest then throws.
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    } catch (error) {
      // Opening again detects the partial line.
      this.#close();
      throw error;
    }
  }

  /** Flush the appended lines to disk. */
  sync(): void {
    this.#file?.syncDataSync();
  }

  /** Close the log. */
  [Symbol.dispose](): void {
    this.#close();
  }

  /**
   * Open the log now instead of with the first line, so that the caller learns whether it can be written.
   *
   * @throws {Error} As {@linkcode LogWriter.append}
   */
  open(): void {
    this.#open(lstatSyncOrNull(this.path));
  }

  /** Open the log for a line of so many bytes; rotate it first if it has no room for them. */
  #openFor(more: number): Deno.FsFile {
    const { rotation } = this.#options;
    const found = lstatSyncOrNull(this.path);
    if (rotation === undefined || (found?.size ?? 0) + more <= rotation.maxBytes) return this.#open(found);
    this.#rotateUnlessBlocked(more, rotation);
    return this.#open(lstatSyncOrNull(this.path));
  }

  /** Return the open file if it is what was found at the log's path; otherwise open the log again. */
  #open(found: Deno.FileInfo | null): Deno.FsFile {
    if (this.#file !== undefined && found !== null && identityOf(found) === this.#identity) return this.#file;
    this.#close();
    const file = openNoFollowSync(this.path, { append: true, create: true, read: true, mode: PRIVATE_FILE_MODE });
    try {
      this.#identity = identityOf(file.statSync());
      if (!endsInLine(file)) file.writeSync(Uint8Array.of(NEWLINE));
    } catch (error) {
      file.close();
      throw error;
    }
    return this.#file = file;
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #size(): number {
    return lstatSyncOrNull(this.path)?.size ?? 0;
  }

  #rotateUnlessBlocked(more: number, limits: RotationLimits): void {
    const { clock = systemClock, os = Deno.build.os } = this.#options;
    if (clock.monotonic() < this.#blockedUntil) return;
    try {
      this.#rotate(more, limits);
    } catch (error) {
      const fault = systemFault(error, os);
      // Elsewhere, "denied" means that the folder cannot be written to, and every later line would tell the same.
      if (fault !== "in-use" && !(fault === "denied" && os === "windows")) throw error;
      this.#blockedUntil = clock.monotonic() + BLOCKED_MS;
    }
  }

  #rotate(more: number, limits: RotationLimits): void {
    const lock = openNoFollowSync(`${this.path}.lock`, { create: true, write: true, mode: PRIVATE_FILE_MODE });
    try {
      this.#rotateLocked(lock, more, limits);
    } finally {
      lock.close();
    }
  }

  #rotateLocked(lock: Deno.FsFile, more: number, { maxBytes, keep }: RotationLimits): void {
    const end = performance.now() + LOCK_MS;
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (!lock.tryLockSync(true)) {
      if (performance.now() >= end) return;
      Atomics.wait(never, 0, 0, LOCK_RETRY_MS);
    }
    const size = this.#size();
    // Another process may have rotated the log already. Rotating an empty log would not help a line that exceeds the
    // limit alone.
    if (size === 0 || size + more <= maxBytes) return;
    this.#close();
    rotateFiles(this.path, keep, this.#options.rename);
  }
}

/**
 * Whether the file is empty or ends in a line break. An unfinished line of another process merely results in an empty
 * line.
 */
function endsInLine(file: Deno.FsFile): boolean {
  const { size } = file.statSync();
  if (size === 0) return true;
  file.seekSync(size - 1, Deno.SeekMode.Start);
  const last = new Uint8Array(1);
  return file.readSync(last) !== 1 || last[0] === NEWLINE;
}

function identityOf({ dev, ino }: Deno.FileInfo): string {
  return `${dev}:${ino}`;
}
