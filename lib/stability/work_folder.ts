import { ensureDir } from "@std/fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { acquireLock, freeSpace, KitError, removeLockedFolder } from "../base/mod.ts";

const PREFIX = "civitai-dl-stability-";
const NEEDED_BYTES = 500_000_000;
/** Whoever makes a folder locks it in the next moment; one that has no lock after that is of a run that died. */
const UNLOCKED_MS = 3_600_000;

/** A folder that is gone when it is disposed. */
export interface WorkFolder extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
}

/**
 * Make a folder for the libraries of a run, and remove those that killed runs have left beside it.
 *
 * @param wanted Where; `undefined` for the system's folder for temporary files
 * @returns The folder; dispose it
 * @throws {KitError} `usage` if nothing can be written there, `unsafe` if too little is free
 */
export async function openWorkFolder(wanted: string | undefined): Promise<WorkFolder> {
  const parent = resolve(wanted ?? tmpdir());
  const path = await makeFolder(parent);
  // The system lets go of the lock when this process dies, however it dies.
  const lock = await acquireLock(join(path, "lock"), { command: "stability" });
  const remove = async (): Promise<void> => {
    using _held = lock;
    // What is in the way keeps its lock file, and the next run takes it.
    await removeLockedFolder(path).catch(() => {});
  };
  try {
    await removeLeft(parent);
    const free = await freeSpace(path);
    if (free < NEEDED_BYTES) {
      throw new KitError(
        "unsafe",
        `Cannot begin: ${Math.floor(free / 1e6)} MB are free in "${parent}", 500 MB wanted`,
        {
          hint: "Free some space, or give another --work-folder",
        },
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
    const reason = cause instanceof Error ? cause.message : String(cause);
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
      // Its run lives, it belongs to somebody else, or its worker still writes there: then the next run finds its lock.
    }
  }
}
