import { openNoFollowSync, PRIVATE_FILE_MODE } from "../base/mod.ts";
import { rotateFiles } from "./_rotate_files.ts";

/** Limits for the size and number of log files. */
export interface RotationLimits {
  /**
   * Maximum size of the log in bytes. A line that would exceed it first renames the log to `NAME.1`, `NAME.1` to
   * `NAME.2`, and so on. A longer line has a file for itself.
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
   * Permission bits of a new file.
   *
   * @default {0o600}
   */
  readonly mode?: number | undefined;
}

/** Maximum wait for another process that rotates the log; after that, the line is appended without rotation. */
const LOCK_MS = 1000;
const LOCK_RETRY_MS = 2;
const NEWLINE = 0x0a;

/**
 * Appends lines to a log that several processes may write at the same time.
 *
 * Each line is one write to a file opened for appending, so that lines do not mix. If the file ends in a partial line,
 * of a process that was killed or whose disk was full, a line break is written first. Rotation takes place under the
 * lock file `NAME.lock`; a process that is about to write at that moment writes its line to `NAME.1`, or loses it if no
 * old files are kept.
 */
export class LogWriter implements Disposable {
  /** Path of the log. */
  readonly path: string;
  readonly #options: LogWriterOptions;
  #file: Deno.FsFile | undefined;
  #identity = "";

  /**
   * Create a writer; the first line opens the log.
   *
   * @param path The log; its folder must exist when the first line is written
   * @param options Rotation and permissions
   */
  constructor(path: string, options: LogWriterOptions = {}) {
    this.path = path;
    this.#options = options;
  }

  /**
   * Append a line.
   *
   * @param line The line, without a line break at its end
   * @throws {Deno.errors.NotFound} If the folder does not exist; other errors of the file system are passed on, and the
   * next line tries again
   * @throws {KitError} `unsafe` if the log is a symbolic link
   */
  append(line: string): void {
    const bytes = new TextEncoder().encode(`${line}\n`);
    const { rotation } = this.#options;
    if (rotation !== undefined && this.#size() + bytes.length > rotation.maxBytes) this.#rotate(bytes.length, rotation);
    const file = this.#open();
    try {
      // A full disk may accept only a part: writing the rest then throws.
      for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    } catch (error) {
      // Opening again detects the partial line.
      this.#close();
      throw error;
    }
  }

  /** Wait until the disk has stored the lines. */
  sync(): void {
    this.#file?.syncDataSync();
  }

  /** Close the log. */
  [Symbol.dispose](): void {
    this.#close();
  }

  /**
   * Open the log now, rather than with the first line, so that the caller learns whether it can be written.
   *
   * @throws {Error} As {@linkcode LogWriter.append}
   */
  open(): void {
    this.#open();
  }

  /** The open file, if it still has the log's name; else the log, opened again. */
  #open(): Deno.FsFile {
    const found = infoOf(this.path);
    if (this.#file !== undefined && found !== null && identityOf(found) === this.#identity) return this.#file;
    this.#close();
    const { mode = PRIVATE_FILE_MODE } = this.#options;
    const file = openNoFollowSync(this.path, { append: true, create: true, read: true, mode });
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
    return infoOf(this.path)?.size ?? 0;
  }

  #rotate(more: number, { maxBytes, keep }: RotationLimits): void {
    using lock = openNoFollowSync(`${this.path}.lock`, { create: true, write: true, mode: PRIVATE_FILE_MODE });
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
    rotateFiles(this.path, keep);
  }
}

/** Whether the file is empty or ends in a line break. Another process' unfinished line only costs an empty line. */
function endsInLine(file: Deno.FsFile): boolean {
  const { size } = file.statSync();
  if (size === 0) return true;
  file.seekSync(size - 1, Deno.SeekMode.Start);
  const last = new Uint8Array(1);
  return file.readSync(last) !== 1 || last[0] === NEWLINE;
}

/** The file that has the name now; a symbolic link itself, not what it points to. */
function infoOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function identityOf({ dev, ino }: Deno.FileInfo): string {
  return `${dev}:${ino}`;
}
