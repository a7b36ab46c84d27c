import { dirname } from "node:path";
import { assertPlainFile, openNoFollow, openNoFollowSync } from "./open_no_follow.ts";
import { syncDir, syncDirSync } from "./sync_dir.ts";

/** Options of {@linkcode writeAtomic}. */
export interface WriteAtomicOptions {
  /**
   * Flush file and folder to disk before returning.
   *
   * @default {true}
   */
  readonly sync?: boolean;
  /** File mode, such as 0o600 for secrets. */
  readonly mode?: number;
}

/**
 * Where {@linkcode writeAtomic} prepares a file.
 *
 * @param path The file
 * @returns A name in the same folder
 */
export function temporaryPathOf(path: string): string {
  return `${path}.civitai-dl.tmp`;
}

/**
 * Write a whole file so that a crash at any moment leaves the old content or the new, never a mixture. A link in the place
 * of the file is replaced; one in the place of the temporary file is refused.
 *
 * @param path The file; its folder must exist
 * @param data The whole content
 * @param options Durability and mode
 * @throws {KitError} `unsafe` if something that is no file stands where it is prepared
 */
export async function writeAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteAtomicOptions = {},
): Promise<void> {
  const { sync = true, mode } = options;
  // One name for all: what a killed process left makes room for the next write of the same file.
  const temporary = temporaryPathOf(path);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = await openTemporary(temporary, mode);
  try {
    await writeAll(file, bytes, sync);
    await Deno.rename(temporary, path);
  } catch (error) {
    // The first error is the one to report.
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  if (sync) await syncDir(dirname(path));
}

/** Options of {@linkcode writeAtomicSync}. */
export interface WriteAtomicSyncOptions {
  /**
   * Flush file and folder to disk before returning.
   *
   * @default {false}
   */
  readonly sync?: boolean;
  /** File mode, such as 0o600 for secrets. */
  readonly mode?: number;
}

/**
 * {@linkcode writeAtomic} for small files: handing each call to another thread costs more than it takes.
 *
 * @param path The file; its folder must exist
 * @param data The whole content
 * @param options Durability and mode
 * @throws {KitError} `unsafe` if something that is no file stands where it is prepared
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

/** Another process may leave one again between removing and creating; it does not so for ever. */
const MAX_LEFTOVERS = 1000;

/** Created anew, so that it has the wanted mode, and never through a link. */
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
    // Gone meanwhile.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Closes the file, whatever happens. */
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

/** It may not exist; the first error is the one to report. */
function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Nothing is lost: the next write of the same file takes the name over.
  }
}
