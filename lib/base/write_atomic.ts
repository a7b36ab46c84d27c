import { dirname } from "node:path";
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
 * Write a whole file so that a crash at any moment leaves the old content or the new, never a mixture.
 *
 * @param path The file; its folder must exist
 * @param data The whole content
 * @param options Durability and mode
 */
export async function writeAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteAtomicOptions = {},
): Promise<void> {
  const { sync = true, mode } = options;
  // One name for all: what a killed process left is overwritten by the next write of the same file.
  const temporary = temporaryPathOf(path);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    await (sync ? writeFlushed : Deno.writeFile)(temporary, bytes, mode === undefined ? {} : { mode });
    await Deno.rename(temporary, path);
  } catch (error) {
    // The temporary file may not exist; the first error is the one to report.
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
}

/**
 * {@linkcode writeAtomic} for small files: handing each call to another thread costs more than it takes.
 *
 * @param path The file; its folder must exist
 * @param data The whole content
 * @param options Durability
 */
export function writeAtomicSync(
  path: string,
  data: string | Uint8Array,
  options: WriteAtomicSyncOptions = {},
): void {
  const { sync = false } = options;
  const temporary = temporaryPathOf(path);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    if (sync) writeFlushedSync(temporary, bytes);
    else Deno.writeFileSync(temporary, bytes);
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  if (sync) syncDirSync(dirname(path));
}

function writeFlushedSync(path: string, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  for (let offset = 0; offset < bytes.length;) offset += file.writeSync(bytes.subarray(offset));
  file.syncSync();
}

/** It may not exist; the first error is the one to report. */
function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Nothing is lost: the next write of the same file takes the name over.
  }
}

async function writeFlushed(path: string, bytes: Uint8Array, options: { readonly mode?: number }): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true, ...options });
  for (let offset = 0; offset < bytes.length;) offset += await file.write(bytes.subarray(offset));
  await file.sync();
}
