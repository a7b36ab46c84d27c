import { dirname } from "node:path";
import { listIfExists } from "../../base/mod.ts";
import { holdWorktreeList } from "./_hold_worktree_list.ts";
import { addWorktreeArgs } from "./add_worktree.ts";
import type { TreeContent } from "./find_tree_work.ts";
import { git } from "../git.ts";
import { type ListedWorktree, listWorktrees } from "./list_worktrees.ts";
import type { Repository } from "../open_repository.ts";
import { removeTree } from "./_remove_tree.ts";
import { runGit } from "../run_git.ts";

/** Options of {@linkcode keepWorktree}. */
export interface KeepWorktreeOptions {
  /** Full hash of the commit to check out. */
  readonly sha: string;
  /** As in `addWorktree`. */
  readonly command: string;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Check out a commit into a working tree that stays until somebody removes it. The user's checkout, index, branches and
 * stash do not change.
 *
 * @param repository The repository that contains the commit
 * @param path Absolute path of the new folder, which is missing or empty
 * @param options Commit, registry, signal
 * @throws {KitError} `failed` if the folder has content
 */
export async function keepWorktree(
  repository: Repository,
  path: string,
  options: KeepWorktreeOptions,
): Promise<void> {
  const { sha, command, signal } = options;
  await Deno.mkdir(dirname(path), { recursive: true });
  const hold = await holdWorktreeList(repository, { command, signal });
  try {
    await git(addWorktreeArgs(path, sha), { cwd: repository.root, signal });
  } finally {
    hold[Symbol.dispose]();
  }
}

/** How a folder compares to a working tree that is wanted there. */
export type KeptWorktree =
  /** It is missing or empty. */
  | { readonly type: "absent" }
  /** It is that tree. Files that git does not track do not matter. */
  | { readonly type: "same" }
  /** The commit is checked out there, but these tracked files have other content. */
  | { readonly type: "changed"; readonly files: readonly string[] }
  /** It is something else. */
  | { readonly type: "other" };

/**
 * Compare a folder to a working tree that is wanted there. Nothing is changed.
 *
 * @param path Absolute path of the folder
 * @param content What is wanted there
 * @returns What is there
 */
export async function compareKeptWorktree(path: string, { sha, tree }: TreeContent): Promise<KeptWorktree> {
  if ((await listIfExists(path)).length === 0) return { type: "absent" };
  const head = await runGit(["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: path });
  const top = await runGit(["rev-parse", "--show-prefix"], { cwd: path });
  const isOwn = head.code === 0 && top.stdout.trim() === "" && head.stdout.trim() === sha;
  if (!isOwn) return { type: "other" };
  const diff = ["diff", "--no-ext-diff", "--no-renames", "--name-only", "-z"];
  const outputs = [await git([...diff, tree], { cwd: path }), await git([...diff, "--cached", tree], { cwd: path })];
  const files = [...new Set(outputs.flatMap((output) => output.split("\0")).filter((name) => name !== ""))];
  return files.length === 0 ? { type: "same" } : { type: "changed", files };
}

/**
 * Find the entry of a working tree in its repository's list. The main one is not searched.
 *
 * @param repository The repository that the tree belongs to
 * @param path Absolute path of the tree
 * @returns The entry; `null` if it is not in the list
 */
export async function findKeptWorktree(repository: Repository, path: string): Promise<ListedWorktree | null> {
  // Git lists the real path.
  const real = await Deno.realPath(path).catch(() => path);
  const [, ...listed] = await listWorktrees(repository);
  return listed.find((tree) => tree.path === real || tree.path === path) ?? null;
}

/**
 * Remove a working tree that {@linkcode keepWorktree} created, with everything in it; find out with
 * {@linkcode findTreeWork} before what that is. No other entry of the repository's list is changed.
 *
 * @param repository The repository that the tree belongs to
 * @param tree What {@linkcode findKeptWorktree} returned
 * @param options Command
 */
export async function removeKeptWorktree(
  repository: Repository,
  tree: ListedWorktree,
  options: Pick<KeepWorktreeOptions, "command">,
): Promise<void> {
  await removeTree(repository, tree.path, options);
}
