import { dirname } from "node:path";
import { assertPlainFile, openNoFollow, openNoFollowSync } from "./open_no_follow.ts";
import { syncDir, syncDirSync } from "./sync_dir.ts";

/** Options of {@linkcode writeAtomic}. */
export interface WriteAtomicOptions {
  /**
   * Whether to flush file and folder to disk before returning.
   *
   * @default {true}
   */
  readonly sync?: boolean;
  /** File mode, such as 0o600 for secrets; by default 0o666 less the umask. */
  readonly mode?: number;
}

/**
 * Return the temporary path at which {@linkcode writeAtomic} prepares a file.
 *
 * @param path The file
 * @returns A path in the same folder
 */
export function temporaryPathOf(path: string): string {
  return `${path}.civitai-dl.tmp`;
}

/**
 * Write a whole file so that a crash at any moment leaves either the old or the new content, never a mixture. Only one
 * process may write a file at a time, since all use the same temporary path. A link in the place of the file is
 * replaced; one in the place of the temporary file is rejected.
 *
 * @param path The file; its folder must exist
 * @param data The whole content
 * @param options Durability and mode
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in the place of the temporary file
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
  const file = await openTemporary(temporary, mode);
  try {
    await writeAll(file, bytes, sync);
    await Deno.rename(temporary, path);
  } catch (error) {
    // Ignore errors here: the first one is the one to report.
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  if (sync) await syncDir(dirname(path));
}

/** Options of {@linkcode writeAtomicSync}. */
export interface WriteAtomicSyncOptions {
  /**
   * Whether to flush file and folder to disk before returning.
   *
   * @default {false}
   */
  readonly sync?: boolean;
  /** File mode, such as 0o600 for secrets; by default 0o666 less the umask. */
  readonly mode?: number;
}

/**
 * Synchronous {@linkcode writeAtomic}, for small files: passing each call to another thread takes longer than the call.
 *
 * @param path The file; its folder must exist
 * @param data The whole content
 * @param options Durability and mode
 * @throws {KitError} `unsafe` if a link, a device or a pipe is in the place of the temporary file
 */
export function writeAtomicSync(
  path: string,
  data: string | Uint8Array,
  options: WriteAtomicSyncOptions = {},
): void {
  const { sync = false, mode } = options;
  const temporary = temporaryPathOf(path);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = openTemporarySync(temporary, mode);
  try {
    writeAllSync(file, bytes, sync);
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  if (sync) syncDirSync(dirname(path));
}

/** Attempts to create the temporary file: another process may create one again after each removal, but not forever. */
const MAX_LEFTOVERS = 1000;

/** Create the temporary file exclusively, so that it has the wanted mode and no link is followed. */
async function openTemporary(path: string, mode: number | undefined): Promise<Deno.FsFile> {
  for (let attempt = 1;; attempt++) {
    try {
      return await openNoFollow(path, { write: true, createNew: true, ...(mode === undefined ? {} : { mode }) });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || attempt >= MAX_LEFTOVERS) throw error;
      removeLeftover(path);
    }
  }
}

function openTemporarySync(path: string, mode: number | undefined): Deno.FsFile {
  for (let attempt = 1;; attempt++) {
    try {
      return openNoFollowSync(path, { write: true, createNew: true, ...(mode === undefined ? {} : { mode }) });
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || attempt >= MAX_LEFTOVERS) throw error;
      removeLeftover(path);
    }
  }
}

function removeLeftover(path: string): void {
  try {
    assertPlainFile(path, Deno.lstatSync(path));
    Deno.removeSync(path);
  } catch (error) {
    // Another process removed it first.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Write all bytes and close the file, even after an error. */
async function writeAll(file: Deno.FsFile, bytes: Uint8Array, sync: boolean): Promise<void> {
  using _open = file;
  for (let offset = 0; offset < bytes.length;) offset += await file.write(bytes.subarray(offset));
  if (sync) await file.sync();
}

function writeAllSync(file: Deno.FsFile, bytes: Uint8Array, sync: boolean): void {
  using _open = file;
  for (let offset = 0; offset < bytes.length;) offset += file.writeSync(bytes.subarray(offset));
  if (sync) file.syncSync();
}

/** Remove a file that may not exist; errors are ignored, since the caller reports an earlier one. */
function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The next write of the same file removes it.
  }
}
