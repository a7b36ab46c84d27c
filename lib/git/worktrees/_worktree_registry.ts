import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { removeLockedFolder } from "../../base/mod.ts";
import { removeTreeScratch } from "./tree_scratch.ts";

/**
 * Return the folder of this user's temporary working trees. It is the same in each run, so that a run finds what an
 * earlier one left behind.
 */
export function worktreeRegistry(): string {
  return join(tmpdir(), `civitai-dl-worktrees-${userInfo().username.replaceAll(/[^\w-]/g, "_")}`);
}

/** Make the folder of one tree in a registry, while other processes remove theirs and the registry with the last one. */
export async function makeTreeFolder(folder: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
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
