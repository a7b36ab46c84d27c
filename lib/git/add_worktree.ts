import { dirname, join } from "node:path";
import { acquireLock, removeLockedFolder, writeAtomic } from "../base/mod.ts";
import { EXACT_CHECKOUT } from "./_exact_checkout.ts";
import { holdWorktreeList } from "./_hold_worktree_list.ts";
import { removeTree } from "./_remove_tree.ts";
import { worktreeRegistry } from "./_worktree_registry.ts";
import type { Repository } from "./open_repository.ts";
import { git } from "./git.ts";

/** Options of {@linkcode addWorktree}. */
export interface WorktreeOptions {
  /**
   * Folder for all temporary working trees of this user and a record of each.
   *
   * @default {a folder for this user in the system's temporary folder}
   */
  readonly registry?: string | undefined;
  /** Stops git; the call then removes the tree and rejects. */
  readonly signal?: AbortSignal | undefined;
}

/** A temporary working tree; disposing it removes it. */
export interface Worktree extends AsyncDisposable {
  /** Absolute path of the tree. */
  readonly path: string;
  /** Full hash of the commit that is checked out in it. */
  readonly sha: string;
}

/**
 * Check out a commit into a temporary working tree outside of the user's checkout. The tree is recorded before it is
 * created, so that {@linkcode removeLeftovers} finds it even if this process is killed. Checkout, index, branches,
 * stash and other working trees of the repository do not change.
 *
 * @param repository The repository that contains the commit
 * @param sha Full hash of the commit
 * @param options Registry and signal
 * @returns The tree; dispose it to remove it
 * @throws {KitError} `failed` with the error message of git, and the errors of {@linkcode runGit}
 */
export async function addWorktree(
  repository: Repository,
  sha: string,
  options: WorktreeOptions = {},
): Promise<Worktree> {
  const { registry = worktreeRegistry(), signal } = options;
  const folder = join(registry, crypto.randomUUID());
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  // The operating system releases the lock when this process dies, even by SIGKILL.
  const lock = await acquireLock(join(folder, "lock"), { command: "benchmark" });
  const path = join(await Deno.realPath(folder), "tree");
  const record = { version: 1, repository: repository.root, path };
  await writeAtomic(join(folder, "record.json"), `${JSON.stringify(record)}\n`);
  const remove = async () => {
    using _held = lock;
    await removeTree(repository, path, registry);
    await removeLockedFolder(dirname(path));
  };
  try {
    using _hold = await holdWorktreeList(repository, { registry, signal });
    await git([...EXACT_CHECKOUT, "worktree", "add", "--detach", "--quiet", path, sha], {
      cwd: repository.root,
      signal,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, sha, [Symbol.asyncDispose]: remove };
}
