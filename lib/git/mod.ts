/**
 * The only room that runs git: refs, checkouts, and temporary working trees that do not affect the user's own.
 *
 * @module
 */
export * from "./add_worktree.ts";
export * from "./describe_checkout.ts";
export * from "./git.ts";
export * from "./list_worktrees.ts";
export * from "./open_repository.ts";
export * from "./remove_leftovers.ts";
export * from "./resolve_commit.ts";
export * from "./run_git.ts";
