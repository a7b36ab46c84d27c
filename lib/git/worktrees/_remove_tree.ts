import { removeIfExists } from "../../base/mod.ts";
import { holdWorktreeList, type HoldWorktreeListOptions } from "./_hold_worktree_list.ts";
import { listWorktrees } from "./list_worktrees.ts";
import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";

/**
 * Remove one temporary working tree and its entry in the repository's list. The files are removed first, without git,
 * so that `git worktree remove` finds nothing that could be lost and needs no `--force`. No other entry is changed.
 */
export async function removeTree(
  repository: Repository,
  path: string,
  options: Pick<HoldWorktreeListOptions, "registry" | "command">,
): Promise<void> {
  await removeIfExists(path);
  const hold = await holdWorktreeList(repository, options);
  try {
    const listed = (await listWorktrees(repository)).find((tree) => tree.path === path);
    if (listed === undefined) return;
    // Git locks a tree while creating it; if git is killed, the lock remains.
    if (listed.isLocked) await git(["worktree", "unlock", path], { cwd: repository.root });
    await git(["worktree", "remove", path], { cwd: repository.root });
  } finally {
    hold[Symbol.dispose]();
  }
}
