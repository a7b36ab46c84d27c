/**
 * The only room that runs git: refs, checkouts, and throw-away working trees that leave the user's alone.
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
