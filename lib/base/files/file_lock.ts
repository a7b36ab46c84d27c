import { isRecord } from "../is_record.ts";
import { cleanText } from "../clean_text.ts";
import { type Clock, systemClock } from "../clock.ts";
import { isDenoError } from "../is_deno_error.ts";
import { KitError } from "../kit_error.ts";
import { isSameFile, openNoFollow } from "./open_no_follow.ts";
import { lstatSyncOrNull } from "./stat_or_null.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";

/** The process that holds a lock, as recorded in the lock file. */
export interface LockHolder {
  /** Process ID. */
  readonly pid: number;
  /** Command that the process runs, such as `download`. */
  readonly command: string;
  /** Time when the process took the lock, ISO 8601 UTC. */
  readonly since: string;
}

/** Options of {@linkcode acquireLock}. */
export interface AcquireLockOptions {
  /** Command that this process runs; shown to whoever waits for the lock. */
  readonly command: string;
  /**
   * Whether to fail instead of creating the lock file. Set this for a cleanup, which must not create files in a folder
   * that another process may be removing.
   *
   * @default {false}
   */
  readonly mustExist?: boolean;
  /**
   * How long to wait for another holder, in milliseconds, but at least 100 ms. If this is set, the default hint
   * mentions the `--wait` flag.
   *
   * @default {0}
   */
  readonly waitMs?: number;
  /**
   * Hint for the error that another process still holds the lock. Set this if the caller has no `--wait` flag.
   *
   * @default {a hint to wait for that process to end}
   */
  readonly hint?: string | undefined;
  /** Stops waiting; the call rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called once, before waiting for another holder, if `waitMs` is above 0; the holder is `undefined` if it cannot be
   * read.
   */
  readonly onWait?: (holder: LockHolder | undefined) => void;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** A lock that this process holds; dispose it to release it. */
export interface FileLock extends Disposable {
  /** Path of the lock file. */
  readonly path: string;
}

/**
 * Minimum wait for another holder, in milliseconds. A child process that is being started briefly holds copies of all
 * files that its parent has open, so the lock of a parent that has just died can still appear to be held.
 */
const GRACE_MS = 100;
const STOP_HINT = "Wait for it to end, or stop it";
const QUEUE_HINT = "Wait for it to end, or use --wait 10m to queue behind it; civitai-dl doctor says whether it hangs";

/**
 * Take an exclusive lock. The operating system releases it when the process dies, even by SIGKILL.
 *
 * @param path The lock file; its folder must exist
 * @throws {Deno.errors.NotFound} If the folder does not exist, or the file does not and `mustExist` is set
 * @throws {KitError} `unsafe` if another process still holds the lock after `waitMs`, or if a link, a device or a pipe
 * is in the place of the lock file
 */
export async function acquireLock(path: string, options: AcquireLockOptions): Promise<FileLock> {
  const { command, clock = systemClock } = options;
  const file = await holdFile(path, options);
  const holder: LockHolder = { pid: Deno.pid, command, since: new Date(clock.now()).toISOString() };
  await writeHolder(file, holder);
  let isHeld = true;
  return {
    path,
    [Symbol.dispose]() {
      if (isHeld) release(file);
      isHeld = false;
    },
  };
}

/** Open the lock file and lock it. */
async function holdFile(path: string, options: AcquireLockOptions): Promise<Deno.FsFile> {
  const { mustExist = false, waitMs = 0, signal, onWait = () => {}, clock = systemClock } = options;
  const { hint = options.waitMs === undefined ? STOP_HINT : QUEUE_HINT } = options;
  const deadline = clock.monotonic() + Math.max(GRACE_MS, waitMs);
  let isReported = false;
  while (true) {
    const file = await openNoFollow(path, { create: !mustExist, read: true, write: true, mode: PRIVATE_FILE_MODE });
    try {
      while (!await file.tryLock(true)) {
        const holder = await readHolder(path);
        if (!isReported && waitMs > 0) onWait(holder);
        isReported = true;
        if (clock.monotonic() >= deadline) throw heldError(path, { holder, hint });
        const pauseMs = waitMs > 0 ? 200 : GRACE_MS / 4;
        await clock.sleep(Math.min(pauseMs, Math.max(1, deadline - clock.monotonic())), { signal });
      }
      if (isStillAt(path, file)) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

/** Check that the holder before has not removed the file that was waited for: nobody else would see a lock on it. */
function isStillAt(path: string, file: Deno.FsFile): boolean {
  const found = lstatSyncOrNull(path);
  return found !== null && isSameFile(found, file.statSync());
}

/** Release a lock. Closing alone leaves it to the copy of a child process that is being started. */
function release(file: Deno.FsFile): void {
  try {
    file.unlockSync();
  } finally {
    file.close();
  }
}

/** Whether a lock is held, and by whom. */
export interface LockState {
  /** Whether a running process holds it. */
  readonly isHeld: boolean;
  /** The process that took it last; `undefined` if the lock file cannot be parsed. */
  readonly holder: LockHolder | undefined;
}

/**
 * Look at a lock without taking it for longer than a moment, and without writing.
 *
 * @returns Whether a process holds it; `null` if there is no such file
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in the place of the lock file
 */
export async function inspectLock(path: string): Promise<LockState | null> {
  let file: Deno.FsFile;
  try {
    file = await openNoFollow(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    // A shared lock fails if somebody holds the exclusive one, and does not keep other observers out.
    const isHeld = !await file.tryLock(false);
    return { isHeld, holder: await readHolder(path) };
  } finally {
    release(file);
  }
}

/**
 * Record the holder in the lock file. This is information for people only: the lock works without it, even if the disk
 * is full.
 */
async function writeHolder(file: Deno.FsFile, holder: LockHolder): Promise<void> {
  try {
    await file.truncate(0);
    await file.seek(0, Deno.SeekMode.Start);
    await file.write(new TextEncoder().encode(JSON.stringify(holder)));
  } catch {
    // Error messages of other processes then say "another process".
  }
}

/** Who holds a lock; `null` if nobody does, or this user may not look. */
export async function findLockHolder(path: string): Promise<LockHolder | null> {
  try {
    const lock = await inspectLock(path);
    return lock !== null && lock.isHeld ? lock.holder ?? null : null;
  } catch (error) {
    if (isDenoError(error, "NotADirectory", "PermissionDenied")) return null;
    throw error;
  }
}

/** Read the holder; `undefined` if the lock file cannot be parsed. Nothing but error messages depends on it. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return parseHolder(JSON.parse(await Deno.readTextFile(path)));
  } catch {
    return undefined;
  }
}

/**
 * Parse the holder, and clean its strings: they are shown in messages, and anyone who can write to the folder may have
 * written the file.
 */
function parseHolder(value: unknown): LockHolder | undefined {
  if (!isRecord(value)) return undefined;
  const { pid, command, since } = value;
  if (typeof pid !== "number" || typeof command !== "string" || typeof since !== "string") return undefined;
  return { pid, command: cleanText(command), since: cleanText(since) };
}

function heldError(
  path: string,
  { holder, hint }: { readonly holder: LockHolder | undefined; readonly hint: string },
): KitError {
  const who = holder === undefined
    ? "another process"
    : `"${holder.command}" (process ${holder.pid}, since ${holder.since})`;
  return new KitError("unsafe", `Cannot lock "${path}": held by ${who}`, { hint });
}
