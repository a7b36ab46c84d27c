import { ensureDir } from "@std/fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { acquireLock, formatSize, freeSpace, KitError, messageOf, removeLockedFolder } from "../../base/mod.ts";

const PREFIX = "civitai-dl-stability-";
/**
 * Age in milliseconds from which a folder without a lock file is considered a leftover. A run locks its folder
 * immediately.
 */
const UNLOCKED_MS = 3_600_000;

/** A folder that is removed on disposal. */
export interface WorkFolder extends AsyncDisposable {
  /** Absolute path of the folder. */
  readonly path: string;
}

/** Options of {@linkcode openWorkFolder}. */
export interface OpenWorkFolderOptions {
  /**
   * Free space that a run needs, in bytes.
   *
   * @default {500 MB}
   */
  readonly neededBytes?: number | undefined;
}

/**
 * Create a folder for the libraries of a run, and remove the folders that killed runs left in the same parent folder.
 *
 * @param wanted Parent folder; `undefined` for the system's temporary folder
 * @returns The folder; dispose it to remove it
 * @throws {KitError} `usage` if the folder cannot be created, `unsafe` if there is too little free space
 */
export async function openWorkFolder(
  wanted: string | undefined,
  options: OpenWorkFolderOptions = {},
): Promise<WorkFolder> {
  const { neededBytes = 500_000_000 } = options;
  const parent = resolve(wanted ?? tmpdir());
  const path = await makeFolder(parent);
  // The system releases the lock when this process ends, even if it is killed.
  const lock = await acquireLock(join(path, "lock"), { command: "stability" });
  const remove = async (): Promise<void> => {
    using _held = lock;
    // If something cannot be removed, the lock file remains, and the next run removes the folder.
    await removeLockedFolder(path).catch(() => {});
  };
  try {
    await removeLeft(parent);
    const free = await freeSpace(path);
    if (free < neededBytes) {
      throw new KitError(
        "unsafe",
        `Cannot begin: ${formatSize(free)} are free in "${parent}", ${formatSize(neededBytes)} wanted`,
        { hint: "Free some space, or give another --work-folder" },
      );
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

async function makeFolder(parent: string): Promise<string> {
  try {
    await ensureDir(parent);
    return await Deno.makeTempDir({ dir: parent, prefix: PREFIX });
  } catch (cause) {
    const reason = messageOf(cause);
    throw new KitError("usage", `Cannot work in "${parent}": ${reason}`, {
      cause,
      hint: "Give a folder that can be written to with --work-folder",
    });
  }
}

async function removeLeft(parent: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    if (!isDirectory || !name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    try {
      const { mtime } = await Deno.stat(path);
      const isNew = Date.now() - (mtime?.getTime() ?? 0) < UNLOCKED_MS;
      using _held = await acquireLock(join(path, "lock"), { command: "clean up", mustExist: isNew });
      await removeLockedFolder(path);
    } catch {
      // The run of the folder is still active, another user owns it, or its worker still writes to it: a later run
      // tries again.
    }
  }
}
