import {
  openNoFollowSync,
  PRIVATE_FILE_MODE,
  readTextNoFollowSync,
  setAsideSync,
  writeAtomicSync,
} from "../../base/mod.ts";

/** A locked shared file; dispose it to release the lock. */
export interface HeldFile extends Disposable {
  /** Read the whole text; `null` if the file does not exist. */
  read(): string | null;
  /** Replace the whole text atomically; `sync` flushes it to the disk. */
  write(text: string, options: { readonly sync: boolean }): void;
  /** Rename the file by {@linkcode setAsideSync} and return its new path. */
  putAside(): string;
  /** Read the number from the lock file; `null` if it contains none. */
  readNote(): number | null;
  /**
   * Write a number to the lock file. This is one short write, so if the process is killed, it is either complete or not
   * done at all.
   */
  writeNote(number: number): void;
}

const NOTE_DIGITS = 15;
/** Pause between two attempts to take the lock, in milliseconds. */
const POLL_MS = 1;

/**
 * A small text file that several processes read and write in turn, under a lock that the system releases when its
 * holder dies. All operations are synchronous, because writes are small and rare, and callers need the result at once.
 */
export class SharedFile {
  readonly path: string;
  readonly #lockPath: string;
  #lastStamp = "";

  constructor(path: string, lockPath: string) {
    this.path = path;
    this.#lockPath = lockPath;
  }

  /** Whether another process wrote the file since this one last read or wrote it. */
  hasChanged(): boolean {
    return this.#readStamp() !== this.#lastStamp;
  }

  /** Read the whole text; `null` if there is no file. Reading needs no lock, because each write creates a new file. */
  read(): string | null {
    this.#lastStamp = this.#readStamp();
    try {
      return readTextNoFollowSync(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  /** Take the lock; `null` if another process holds it for longer than `waitMs` milliseconds. */
  hold(waitMs: number): HeldFile | null {
    const access = { create: true, read: true, write: true, mode: PRIVATE_FILE_MODE };
    const lock = openNoFollowSync(this.#lockPath, access);
    try {
      if (!waitForLock(lock, waitMs)) {
        lock.close();
        return null;
      }
    } catch (error) {
      lock.close();
      throw error;
    }
    return {
      read: () => this.read(),
      write: (text, options) => this.#write(text, options),
      putAside: () => setAsideSync(this.path),
      readNote: () => readNote(lock),
      writeNote: (number) => writeNote(lock, number),
      [Symbol.dispose]: () => lock.close(),
    };
  }

  #write(text: string, options: { readonly sync: boolean }): void {
    writeAtomicSync(this.path, text, { ...options, mode: PRIVATE_FILE_MODE });
    this.#lastStamp = this.#readStamp();
  }

  /** Fingerprint the file. Each write creates a new inode, so a write that keeps size and time is detected too. */
  #readStamp(): string {
    try {
      const { mtime, size, ino } = Deno.statSync(this.path);
      return `${mtime?.getTime()} ${size} ${ino}`;
    } catch {
      // The file is missing or unreadable: reading it will show which.
      return "";
    }
  }
}

function waitForLock(lock: Deno.FsFile, waitMs: number): boolean {
  const end = performance.now() + waitMs;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!lock.tryLockSync(true)) {
    if (performance.now() >= end) return false;
    Atomics.wait(never, 0, 0, POLL_MS);
  }
  return true;
}

function readNote(lock: Deno.FsFile): number | null {
  const bytes = new Uint8Array(NOTE_DIGITS);
  lock.seekSync(0, Deno.SeekMode.Start);
  const length = lock.readSync(bytes) ?? 0;
  const text = new TextDecoder().decode(bytes.subarray(0, length));
  return /^\d{15}$/.test(text) ? Number(text) : null;
}

function writeNote(lock: Deno.FsFile, number: number): void {
  lock.seekSync(0, Deno.SeekMode.Start);
  lock.writeSync(new TextEncoder().encode(`${String(number).padStart(NOTE_DIGITS, "0")}\n`));
}
