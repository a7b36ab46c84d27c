import { nodeModule } from "../_node_module.ts";
import { KitError } from "../kit_error.ts";
import { isSameFile, openNoFollow, openNoFollowSync } from "./open_no_follow.ts";
import { renameFile, renameFileSync } from "./rename_file.ts";
import { syncDir, syncDirSync } from "./sync_dir.ts";
import { syncFile, syncFileSync } from "./sync_file.ts";

/** Options of {@linkcode writeAtomic}. */
export interface WriteAtomicOptions {
  /**
   * Whether to flush file and folder to disk before returning.
   *
   * @default {true}
   */
  readonly sync?: boolean;
  /** File mode, such as 0o600 for secrets; by default 0o666 minus the umask. */
  readonly mode?: number;
}

/**
 * Return the temporary path at which {@linkcode writeAtomic} prepares a file.
 *
 * @returns A path in the same folder
 */
export function temporaryPathOf(path: string): string {
  return `${path}.civitai-dl.tmp`;
}

/**
 * Write a whole file so that a crash at any moment leaves either the old or the new content, never a mixture. Several
 * writers of one file take turns: a lock on the temporary file, which has the same path for all of them, shows that its
 * writer is alive. A link in the place of the file is replaced. A link in the place of the temporary file is rejected.
 *
 * @param path The file; its folder must exist
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in the place of the temporary file, or if another
 * process is still writing the same file after 10 seconds
 */
export async function writeAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteAtomicOptions = {},
): Promise<void> {
  const { sync = true, mode } = options;
  // A fixed name, so that the next write of the same file replaces what a killed process left behind.
  const temporary = temporaryPathOf(path);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = await openTemporary(path, mode);
  try {
    await writeAll(file, bytes, sync);
    await renameFile(temporary, path);
  } catch (error) {
    // Ignore errors here: the first error is the one to report.
    await Deno.remove(temporary).catch(() => {});
    throw namingFile(error, path);
  } finally {
    // Closing unlocks the file, so it comes after the rename.
    file.close();
  }
  if (sync) await syncDir(nodeModule("node:path").dirname(path));
}

/** Options of {@linkcode writeAtomicSync}. */
export interface WriteAtomicSyncOptions {
  /**
   * Whether to flush file and folder to disk before returning.
   *
   * @default {false}
   */
  readonly sync?: boolean;
  /** File mode, such as 0o600 for secrets; by default 0o666 minus the umask. */
  readonly mode?: number;
}

/**
 * Synchronous {@linkcode writeAtomic}, for small files: passing each call to another thread takes longer than the call.
 * It waits only one second for another writer.
 *
 * @param path The file; its folder must exist
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in the place of the temporary file, or if another
 * process is still writing the same file after a second
 */
export function writeAtomicSync(
  path: string,
  data: string | Uint8Array,
  options: WriteAtomicSyncOptions = {},
): void {
  const { sync = false, mode } = options;
  const temporary = temporaryPathOf(path);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = openTemporarySync(path, mode);
  try {
    writeAllSync(file, bytes);
    if (sync) syncFileSync(file);
    renameFileSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw namingFile(error, path);
  } finally {
    file.close();
  }
  if (sync) syncDirSync(nodeModule("node:path").dirname(path));
}

/** Maximum wait for another writer of the same file, in milliseconds. */
const WAIT_MS = 10_000;
const SYNC_WAIT_MS = 1000;
const POLL_MS = 2;

/** Create the temporary file exclusively, so that it has the requested mode and no link is followed, and lock it. */
async function openTemporary(path: string, mode: number | undefined): Promise<Deno.FsFile> {
  const temporary = temporaryPathOf(path);
  const end = performance.now() + WAIT_MS;
  while (true) {
    try {
      const file = await openNoFollow(temporary, asNew(mode));
      if (tryLockCurrent(file, temporary)) return file;
      file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
    if (performance.now() >= end) throw busyError(path);
    if (!removeLeftover(temporary)) await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

function openTemporarySync(path: string, mode: number | undefined): Deno.FsFile {
  const temporary = temporaryPathOf(path);
  const end = performance.now() + SYNC_WAIT_MS;
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (true) {
    try {
      const file = openNoFollowSync(temporary, asNew(mode));
      if (tryLockCurrent(file, temporary)) return file;
      file.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
    if (performance.now() >= end) throw busyError(path);
    if (!removeLeftover(temporary)) Atomics.wait(never, 0, 0, POLL_MS);
  }
}

function asNew(mode: number | undefined): Deno.OpenOptions {
  return { write: true, createNew: true, ...(mode === undefined ? {} : { mode }) };
}

function busyError(path: string): KitError {
  return new KitError("unsafe", `Cannot write "${path}": another process is writing it`, {
    hint: "Wait for it to end, or stop it",
  });
}

/** Lock a file. Returns false if another writer has locked it or has already removed it. */
function tryLockCurrent(file: Deno.FsFile, path: string): boolean {
  try {
    return tryLock(file) && isSameFile(Deno.lstatSync(path), file.statSync());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function tryLock(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    // Some network file systems have no locks: writers do not take turns there.
    return true;
  }
}

/** Remove what a killed process left behind. Returns false if a running writer has locked it. */
function removeLeftover(path: string): boolean {
  let file: Deno.FsFile | null = null;
  try {
    file = openLeftover(path);
    if (file !== null && !tryLockCurrent(file, path)) return false;
    Deno.removeSync(path);
  } catch (error) {
    // Another process removed it first.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    file?.close();
  }
  return true;
}

/**
 * Open a temporary file that another writer created. Returns `null` if it belongs to another user, because its lock
 * cannot be tested then.
 */
function openLeftover(path: string): Deno.FsFile | null {
  try {
    return openNoFollowSync(path, { write: true });
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return null;
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array, sync: boolean): Promise<void> {
  for (let offset = 0; offset < bytes.length;) offset += await file.write(bytes.subarray(offset));
  if (sync) await syncFile(file);
}

/** Write all bytes at the position of an open file. */
export function writeAllSync(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += file.writeSync(bytes.subarray(offset));
}

/** Add the file to an error of the system: that of a write names none, unlike that of an open. */
export function namingFile(error: unknown, path: string): unknown {
  if (error instanceof Error && /\(os error \d+\)$/.test(error.message)) error.message += `: write '${path}'`;
  return error;
}

/** Remove a file that may not exist. Errors are ignored, since the caller reports an earlier one. */
function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The next write of the same file removes it.
  }
}
