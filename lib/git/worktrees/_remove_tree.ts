import { KitError, removeIfExists, systemClock } from "../../base/mod.ts";
import { holdWorktreeList, type HoldWorktreeListOptions } from "./_hold_worktree_list.ts";
import { listWorktrees } from "./list_worktrees.ts";
import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";

/** How often, and after how many milliseconds, files are removed again that appear meanwhile. */
const ATTEMPTS = 100;
const DELAY_MS = 50;

/**
 * Remove one temporary working tree and its entry in the repository's list. The files are removed first, without git,
 * so that `git worktree remove` finds nothing that could be lost and needs no `--force`. No other entry is changed.
 */
export async function removeTree(
  repository: Repository,
  path: string,
  options: Pick<HoldWorktreeListOptions, "command">,
): Promise<void> {
  await removeFiles(path);
  const hold = await holdWorktreeList(repository, options);
  const cwd = repository.root;
  try {
    // Nearly always it is in the list and not locked, so that one call is enough.
    if ((await runGit(["worktree", "remove", path], { cwd })).code === 0) return;
    const listed = (await listWorktrees(repository)).find((tree) => tree.path === path);
    if (listed === undefined) return;
    // Git locks a tree while creating it; if git is killed, the lock remains.
    if (listed.isLocked) await git(["worktree", "unlock", path], { cwd });
    await git(["worktree", "remove", path], { cwd });
  } finally {
    hold[Symbol.dispose]();
  }
}

/**
 * Remove a folder in which a process may still write, such as the gate of a process that was killed. Once its folder is
 * gone, it finds nowhere to write.
 */
export async function removeFiles(path: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await removeIfExists(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOTEMPTY")) throw error;
      if (attempt === ATTEMPTS) {
        throw new KitError(
          "failed",
          `Cannot remove the temporary folder ${path}: another process keeps writing there`,
          {
            hint: "Wait for its end, or end it, and run the command again. To find it: lsof +D, or fuser -v",
            cause: error,
          },
        );
      }
      await systemClock.sleep(DELAY_MS);
    }
  }
}
