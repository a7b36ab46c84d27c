import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { acquireLock, type FileLock, removeLockedFolder } from "../../base/mod.ts";
import { removeTreeScratch } from "./tree_scratch.ts";

/**
 * Return the folder of this user's temporary working trees. It is the same in each run, so that a run finds what an
 * earlier one left behind.
 */
export function worktreeRegistry(): string {
  return join(tmpdir(), `civitai-dl-worktrees-${userInfo().username.replaceAll(/[^\w-]/g, "_")}`);
}

/**
 * Make the folder of one tree in a registry, and lock it, while other processes remove theirs and the registry with the
 * last one. The operating system releases the lock when this process dies, even by SIGKILL.
 */
export async function holdTreeFolder(folder: string, { command }: { readonly command: string }): Promise<FileLock> {
  for (let attempt = 1;; attempt++) {
    try {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      return await acquireLock(join(folder, "lock"), { command });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || attempt === ATTEMPTS) throw error;
    }
  }
}

const ATTEMPTS = 10;

/**
 * Remove the folder of one tree, the lock of which the caller holds, the temporary folder of what ran there, and the
 * registry if that was the last one: nothing stays in the temporary folder.
 */
export async function removeTreeFolder(folder: string): Promise<void> {
  await removeTreeScratch(join(folder, "tree"));
  await removeLockedFolder(folder);
  // Other trees are in it, or another process has removed it.
  await Deno.remove(dirname(folder)).catch(() => {});
}
