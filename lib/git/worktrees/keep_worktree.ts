import { dirname } from "node:path";
import { KitError } from "../../base/mod.ts";
import { holdWorktreeList } from "./_hold_worktree_list.ts";
import { addWorktreeArgs } from "./add_worktree.ts";
import { worktreeRegistry } from "./_worktree_registry.ts";
import { git } from "../git.ts";
import { listWorktrees } from "./list_worktrees.ts";
import type { Repository } from "../open_repository.ts";
import { removeTree } from "./_remove_tree.ts";
import { runGit } from "../run_git.ts";

/** Options of {@linkcode keepWorktree}. */
export interface KeepWorktreeOptions {
  /** Full hash of the commit to check out. */
  readonly sha: string;
  /** As in `addWorktree`. */
  readonly command: string;
  /**
   * Folder of the lock of the list of working trees, as in `addWorktree`.
   *
   * @default {the default of addWorktree()}
   */
  readonly registry?: string | undefined;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Check out a commit into a working tree that stays until somebody removes it. The user's checkout, index, branches and
 * stash do not change. A tree that is already there, at the same commit and without changes, is used again.
 *
 * @param repository The repository that contains the commit
 * @param path Absolute path of the new folder
 * @param options Commit, registry, signal
 * @returns Whether the tree was created; false if it was there
 * @throws {KitError} `unsafe` if the folder has other content
 */
export async function keepWorktree(
  repository: Repository,
  path: string,
  options: KeepWorktreeOptions,
): Promise<boolean> {
  const { sha, command, registry = worktreeRegistry(), signal } = options;
  if (await isTaken(path)) {
    await assertSame(path, sha);
    return false;
  }
  await Deno.mkdir(registry, { recursive: true, mode: 0o700 });
  await Deno.mkdir(dirname(path), { recursive: true });
  const hold = await holdWorktreeList(repository, { registry, command, signal });
  try {
    await git(addWorktreeArgs(path, sha), { cwd: repository.root, signal });
  } finally {
    hold[Symbol.dispose]();
  }
  return true;
}

/**
 * Remove a working tree that {@linkcode keepWorktree} created, with everything in it. Nothing happens if it is not
 * there any more. No other entry of the repository's list is changed.
 *
 * @param repository The repository that the tree belongs to
 * @param path Absolute path of the tree
 * @param options Command
 */
export async function removeKeptWorktree(
  repository: Repository,
  path: string,
  options: Pick<KeepWorktreeOptions, "command">,
): Promise<void> {
  const { command } = options;
  const registry = worktreeRegistry();
  await Deno.mkdir(registry, { recursive: true, mode: 0o700 });
  const listed = await listWorktrees(repository);
  // Git lists the real path.
  const real = await Deno.realPath(path).catch(() => path);
  const isOurs = listed.slice(1).some((tree) => tree.path === real || tree.path === path);
  if (isOurs) await removeTree(repository, real, { registry, command });
}

async function isTaken(path: string): Promise<boolean> {
  try {
    const entries = Deno.readDir(path)[Symbol.asyncIterator]();
    return !(await entries.next()).done;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function assertSame(path: string, sha: string): Promise<void> {
  const head = await runGit(["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: path });
  const top = await runGit(["rev-parse", "--show-prefix"], { cwd: path });
  const changes = await runGit(["status", "--porcelain", "--untracked-files=no"], { cwd: path });
  const isOwn = head.code === 0 && top.stdout.trim() === "" && head.stdout.trim() === sha;
  if (isOwn && changes.stdout === "") return;
  throw new KitError("unsafe", `Cannot use folder "${path}": it has other content`, {
    hint: isOwn ? "It has changes; move it away, or name another folder" : "Move it away, or name another folder",
  });
}
