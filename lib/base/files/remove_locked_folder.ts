import { join } from "node:path";
import { openNoFollow } from "./open_no_follow.ts";
import { PRIVATE_FILE_MODE } from "./private_folder.ts";

/** Options of {@linkcode removeLockedFolder}. */
export interface RemoveLockedFolderOptions {
  /**
   * Removes a file or a folder, as a seam.
   *
   * @default {Deno.remove}
   */
  readonly remove?: ((path: string, options?: Deno.RemoveOptions) => Promise<void>) | undefined;
}

/**
 * Remove a folder whose file `lock` the caller holds. That file goes last: where something cannot be removed, as where a
 * dying process still writes, the folder keeps it, and whoever cleans up next finds it by its lock.
 *
 * @param folder Which; one that is not there is no error
 * @param options Seams
 * @throws {Error} What the system said of the first entry that is still there; all others are gone
 */
export async function removeLockedFolder(folder: string, options: RemoveLockedFolderOptions = {}): Promise<void> {
  const { remove = Deno.remove } = options;
  const lock = join(folder, "lock");
  const paths = (await namesIn(folder)).map((name) => join(folder, name)).filter((path) => path !== lock);
  const tries = await Promise.allSettled(paths.map((path) => unlessGone(() => remove(path, { recursive: true }))));
  const failed = tries.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const isLockOurs = await unlessGone(() => remove(lock));
  try {
    await unlessGone(() => remove(folder));
  } catch (error) {
    // Something came at the last moment: without the lock nobody would ever look here again.
    if (isLockOurs) await putBack(lock).catch(() => {});
    throw error;
  }
}

async function putBack(lock: string): Promise<void> {
  (await openNoFollow(lock, { write: true, create: true, mode: PRIVATE_FILE_MODE })).close();
}

async function namesIn(folder: string): Promise<readonly string[]> {
  let names: readonly string[] = [];
  await unlessGone(async () => {
    names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  });
  return names;
}

/** Whether it was there; another process may do the same meanwhile. */
async function unlessGone(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
