import { type Clock, systemClock } from "../clock.ts";
import { KitError } from "../kit_error.ts";
import { openNoFollow } from "./open_no_follow.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";

/** Who holds a lock, as written into the lock file. */
export interface LockHolder {
  /** Process id. */
  readonly pid: number;
  /** What it does, such as `download`. */
  readonly command: string;
  /** ISO 8601 UTC. */
  readonly since: string;
}

/** Options of {@linkcode acquireLock}. */
export interface AcquireLockOptions {
  /** What this process does; told to whoever waits. */
  readonly command: string;
  /**
   * Whether to refuse to make the lock file: for those who clean up, and must leave nothing where others remove.
   *
   * @default {false}
   */
  readonly mustExist?: boolean;
  /**
   * How long to wait for another holder; who gives it is told of the flag `--wait`, unless a `hint` is given.
   *
   * @default {0}
   */
  readonly waitMs?: number;
  /**
   * What the person can do when another holds it on; for callers that wait by themselves, and have no flag `--wait`.
   *
   * @default {to wait for its end}
   */
  readonly hint?: string | undefined;
  /** Stops the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when the lock is held by another, and is waited for. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/** A held lock; dispose it to let go. */
export interface FileLock extends Disposable {
  /** The lock file. */
  readonly path: string;
}

/** A process that is being started holds a copy of all that its parent has open for a moment, also of a lock let go. */
const GRACE_MS = 100;
const STOP_HINT = "Wait for it to end, or stop it";
const QUEUE_HINT = "Wait for it to end, or give --wait 10m to queue behind it";

/**
 * Take an exclusive lock that the system releases by itself when the process dies, even by SIGKILL.
 *
 * @param path The lock file; its folder must exist
 * @param options Who we are and how long to wait
 * @returns The lock
 * @throws {Deno.errors.NotFound} If the file `mustExist`, and does not, or its folder does not
 * @throws {KitError} `unsafe` if another process still holds it after `waitMs`, or something that is no file stands there
 */
export async function acquireLock(path: string, options: AcquireLockOptions): Promise<FileLock> {
  const { command, mustExist = false, waitMs = 0, signal, onWait = () => {}, clock = systemClock } = options;
  const { hint = options.waitMs === undefined ? STOP_HINT : QUEUE_HINT } = options;
  const file = await openNoFollow(path, { create: !mustExist, read: true, write: true, mode: PRIVATE_FILE_MODE });
  try {
    const deadline = clock.monotonic() + Math.max(GRACE_MS, waitMs);
    let told = false;
    while (!await file.tryLock(true)) {
      const holder = await readHolder(path);
      if (!told && waitMs > 0) onWait(holder);
      told = true;
      if (clock.monotonic() >= deadline) throw heldError(path, { holder, hint });
      const pauseMs = waitMs > 0 ? 200 : GRACE_MS / 4;
      await clock.sleep(Math.min(pauseMs, Math.max(1, deadline - clock.monotonic())), { signal });
    }
    const holder: LockHolder = { pid: Deno.pid, command, since: new Date(clock.now()).toISOString() };
    await writeHolder(file, holder);
  } catch (error) {
    file.close();
    throw error;
  }
  let isHeld = true;
  return {
    path,
    [Symbol.dispose]() {
      if (isHeld) file.close();
      isHeld = false;
    },
  };
}

/** Information for a person: the lock holds without it, also where the disk is full. */
async function writeHolder(file: Deno.FsFile, holder: LockHolder): Promise<void> {
  try {
    await file.truncate(0);
    await file.seek(0, Deno.SeekMode.Start);
    await file.write(new TextEncoder().encode(JSON.stringify(holder)));
  } catch {
    // Whoever finds the lock held says "another process" then.
  }
}

/** The holder is information for a person: a lock file that cannot be read names nobody. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    return typeof value === "object" && value !== null && "pid" in value ? value as LockHolder : undefined;
  } catch {
    return undefined;
  }
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
