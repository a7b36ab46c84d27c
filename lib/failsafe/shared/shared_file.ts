import { openNoFollowSync, PRIVATE_FILE_MODE, writeAtomicSync } from "../../base/mod.ts";

/** The right to read and write a shared file; dispose it to let others in. */
export interface HeldFile extends Disposable {
  /** The whole text; `null` when there is none. */
  read(): string | null;
  /** Replace the whole text. */
  write(text: string, options: { readonly sync: boolean }): void;
  /** Put the file aside and say where it is now. */
  putAside(): string;
  /** The number that was noted last; `null` when none can be read. */
  readNote(): number | null;
  /** Note a number in the lock file: one short write, of which a kill leaves all or nothing. */
  writeNote(number: number): void;
}

const NOTE_DIGITS = 15;
/** Between two tries for the lock. */
const NAP_MS = 1;

/**
 * A small text file that several processes read and write in turn, under a lock that the system releases when its holder
 * dies. Without another thread: what is written here is small and rare, and who asks wants the answer at once.
 */
export class SharedFile {
  readonly path: string;
  readonly #lockPath: string;
  #seen = "";

  constructor(path: string, lockPath: string) {
    this.path = path;
    this.#lockPath = lockPath;
  }

  /** Whether somebody else wrote since we last read or wrote. */
  hasChanged(): boolean {
    return this.#look() !== this.#seen;
  }

  /** The whole text; `null` when there is none. Each write is a new file, so no lock is needed to read one. */
  read(): string | null {
    this.#seen = this.#look();
    try {
      return Deno.readTextFileSync(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  /** Take the lock; `null` if another holds it for longer than `waitMs`. */
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
      putAside: () => this.#putAside(),
      readNote: () => readNote(lock),
      writeNote: (number) => writeNote(lock, number),
      [Symbol.dispose]: () => lock.close(),
    };
  }

  #write(text: string, options: { readonly sync: boolean }): void {
    writeAtomicSync(this.path, text, { ...options, mode: PRIVATE_FILE_MODE });
    this.#seen = this.#look();
  }

  #putAside(): string {
    const aside = `${this.path}.corrupt`;
    Deno.renameSync(this.path, aside);
    return aside;
  }

  /** Each write makes another file, so a write that changes neither size nor second is seen too. */
  #look(): string {
    try {
      const { mtime, size, ino } = Deno.statSync(this.path);
      return `${mtime?.getTime()} ${size} ${ino}`;
    } catch {
      // Gone or not readable: reading it will say which.
      return "";
    }
  }
}

function waitForLock(lock: Deno.FsFile, waitMs: number): boolean {
  const end = performance.now() + waitMs;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!lock.tryLockSync(true)) {
    if (performance.now() >= end) return false;
    Atomics.wait(never, 0, 0, NAP_MS);
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
