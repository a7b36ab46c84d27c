import { removeIfThere } from "../base/mod.ts";
import { holdWorktreeList } from "./_hold_worktree_list.ts";
import { listWorktrees } from "./list_worktrees.ts";
import type { Repository } from "./open_repository.ts";
import { git } from "./git.ts";

/**
 * Remove one throw-away tree and what the repository knows of it. The files go first and without git, which then has
 * nothing to lose and need not be forced; only this one tree is taken from its list.
 */
export async function removeTree(repository: Repository, path: string, registry: string): Promise<void> {
  await removeIfThere(path);
  using _hold = await holdWorktreeList(repository, { registry });
  const listed = (await listWorktrees(repository)).find((tree) => tree.path === path);
  if (listed === undefined) return;
  // Git locks a tree while it makes it, and a killed git leaves the lock.
  if (listed.isLocked) await git(["worktree", "unlock", path], { cwd: repository.root });
  await git(["worktree", "remove", path], { cwd: repository.root });
}
