/**
 * The only room that runs git. It handles refs, checkouts, and temporary working trees that do not affect the user's
 * own.
 *
 * @module
 */
export { addWorktree, type Worktree, type WorktreeOptions } from "./add_worktree.ts";
export { describeCheckout } from "./describe_checkout.ts";
export { git } from "./git.ts";
export { applyPatch, type PatchOptions } from "./apply_patch.ts";
export { keepWorktree, type KeepWorktreeOptions, removeKeptWorktree } from "./keep_worktree.ts";
export { type ListedWorktree, listWorktrees } from "./list_worktrees.ts";
export { openRepository, type Repository } from "./open_repository.ts";
export { removeLeftovers, type RemoveLeftoversOptions } from "./remove_leftovers.ts";
export { resolveCommit } from "./resolve_commit.ts";
export { type GitOutput, runGit, type RunGitOptions } from "./run_git.ts";
