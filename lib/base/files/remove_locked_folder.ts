import { nodeModule } from "../_node_module.ts";
import { listIfExists } from "./read_if_exists.ts";
import { openNoFollow } from "./open_no_follow.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";

/** Options of {@linkcode removeLockedFolder}. */
export interface RemoveLockedFolderOptions {
  /**
   * Removes a file or folder; tests replace it.
   *
   * @default {Deno.remove}
   */
  readonly remove?: ((path: string, options?: Deno.RemoveOptions) => Promise<void>) | undefined;
}

/**
 * Remove a folder whose lock file `lock` is held by the caller. The lock file is removed last. If another entry cannot
 * be removed, for example because a dying process still writes there, the lock file remains, and the next cleanup finds
 * the folder by it.
 *
 * @param folder The folder; nothing happens if it does not exist
 * @throws {Error} The file system's error for the first entry that could not be removed; all entries that can be
 * removed have been removed
 */
export async function removeLockedFolder(folder: string, options: RemoveLockedFolderOptions = {}): Promise<void> {
  const { remove = Deno.remove } = options;
  const { join } = nodeModule("node:path");
  const lock = join(folder, "lock");
  const paths = (await listIfExists(folder)).map(({ name }) => join(folder, name)).filter((path) => path !== lock);
  const results = await Promise.allSettled(
    paths.map((path) => ignoreNotFound(() => remove(path, { recursive: true }))),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const isLockOurs = await ignoreNotFound(() => remove(lock));
  try {
    await ignoreNotFound(() => remove(folder));
  } catch (error) {
    // An entry appeared after the folder was listed. Put the lock back, since the next cleanup finds the folder by it.
    if (isLockOurs) await restoreLock(lock).catch(() => {});
    throw error;
  }
}

async function restoreLock(lock: string): Promise<void> {
  (await openNoFollow(lock, { write: true, create: true, mode: PRIVATE_FILE_MODE })).close();
}

/** Run an action, and return false if its file does not exist: another process may remove it at the same time. */
async function ignoreNotFound(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
