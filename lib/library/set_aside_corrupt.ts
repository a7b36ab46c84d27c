import { ensureDir } from "@std/fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import {
  assertTrustedFolder,
  lstatSyncOrNull,
  openNoFollow,
  renameFile,
  syncDir,
  syncFile,
  systemFault,
} from "../base/mod.ts";
import { hashFile } from "./content/hash_file.ts";
import { resolveInside } from "./resolve_inside.ts";
import { splitName } from "./naming/split_name.ts";

/** The folder below the library that corrupt files are moved to. */
export const CORRUPTED_FOLDER = "corrupted";

/** Options of {@linkcode setAsideCorrupt}. */
export interface SetAsideCorruptOptions {
  /**
   * Moves a file within one file system. Tests replace it.
   *
   * @default {renameFile}
   */
  readonly rename?: ((from: string, to: string) => Promise<void>) | undefined;
}

/**
 * Move a corrupt file to `corrupted/`. Never overwrites a file there. Keeps identical bytes under the same name only
 * once, since a server can send the same wrong file every day.
 *
 * @param root The library
 * @param path The file, absolute or relative to the library
 * @param options The rename function, for tests
 * @returns The new path, or the path of the identical file that was already there
 * @throws {KitError} `unsafe` if the file is not in the library
 */
export async function setAsideCorrupt(
  root: string,
  path: string,
  options: SetAsideCorruptOptions = {},
): Promise<string> {
  const { rename = renameFile } = options;
  const from = await resolveInside(root, isAbsolute(path) ? relative(root, path) : path);
  const folder = join(root, CORRUPTED_FOLDER);
  assertTrustedFolder(folder);
  await ensureDir(folder);
  const copy = await findCopy(folder, from);
  if (copy !== null) {
    await Deno.remove(from);
    await syncDir(dirname(from));
    return copy;
  }
  const to = await reserveName(folder, basename(from));
  try {
    await rename(from, to).catch((error: unknown) => moveAcross(from, to, error));
  } catch (error) {
    // Free the reserved name; the file itself is still at `from`.
    await Deno.remove(to).catch(() => {});
    throw error;
  }
  await syncDir(folder);
  await syncDir(dirname(from));
  return to;
}

/** Find a file in the folder with this name and the same bytes; `null` if there is none. */
async function findCopy(folder: string, from: string): Promise<string | null> {
  const { size } = await Deno.stat(from);
  let sha256: string | null = null;
  for (let number = 1;; number++) {
    const path = numbered(folder, basename(from), number);
    // Skip links: one may lead to the very file that is to be set aside.
    const info = lstatSyncOrNull(path);
    if (info === null) return null;
    if (!info.isFile || info.size !== size) continue;
    sha256 ??= (await hashFile(from)).sha256;
    if ((await hashFile(path)).sha256 === sha256) return path;
  }
}

/** Build the path for a number: `x.pt`, `x (2).pt`, … */
function numbered(folder: string, name: string, number: number): string {
  const { stem, ext } = splitName(name);
  return join(folder, number === 1 ? name : `${stem} (${number})${ext}`);
}

/**
 * Reserve a free name by creating an empty file, which the move then replaces, so that two processes never choose the
 * same name.
 */
async function reserveName(folder: string, name: string): Promise<string> {
  for (let number = 1;; number++) {
    const path = numbered(folder, name, number);
    try {
      (await Deno.open(path, { write: true, createNew: true })).close();
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/**
 * Copy, flush and delete where a rename fails, since a folder of the library can be a link to another file system. The
 * copy must be on the disk before the only other copy of the bytes is deleted.
 */
async function moveAcross(from: string, to: string, error: unknown): Promise<void> {
  if (systemFault(error) !== "other-disk") throw error;
  await Deno.copyFile(from, to);
  await flush(to);
  await syncDir(dirname(to));
  await Deno.remove(from);
}

/** Only Windows needs a writable handle to flush a file; elsewhere, the copy of a read-only file can be flushed too. */
async function flush(path: string): Promise<void> {
  using file = await openNoFollow(path, { read: true, write: Deno.build.os === "windows" });
  await syncFile(file);
}
