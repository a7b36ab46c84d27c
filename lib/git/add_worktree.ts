import { dirname, join } from "node:path";
import { acquireLock, removeLockedFolder, writeAtomic } from "../base/mod.ts";
import { holdWorktreeList } from "./_hold_worktree_list.ts";
import { removeTree } from "./_remove_tree.ts";
import { worktreeRegistry } from "./_worktree_registry.ts";
import type { Repository } from "./open_repository.ts";
import { git } from "./git.ts";

/** Options of {@linkcode addWorktree}. */
export interface WorktreeOptions {
  /**
   * Where all throw-away trees of this user are, with a record of each.
   *
   * @default {a folder of the user's own below the system's folder for temporary files}
   */
  readonly registry?: string | undefined;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
}

/** A working tree that is gone when it is disposed. */
export interface Worktree extends AsyncDisposable {
  /** Where it is. */
  readonly path: string;
  /** What is out in it. */
  readonly sha: string;
}

/**
 * Check a commit out into a throw-away working tree outside of the user's checkout. It is recorded before it is made, so
 * that {@linkcode removeLeftovers} finds it after any death of this process. Checkout, index, branches, stash and other
 * working trees of the repository stay as they are.
 *
 * @param repository Whose commit
 * @param sha The full hash
 * @param options Where
 * @returns The tree; dispose it
 * @throws {KitError} `failed` with what git said
 */
export async function addWorktree(
  repository: Repository,
  sha: string,
  options: WorktreeOptions = {},
): Promise<Worktree> {
  const { registry = worktreeRegistry(), signal } = options;
  const folder = join(registry, crypto.randomUUID());
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  // The system lets go of the lock when this process dies, however it dies.
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
    await git(["worktree", "add", "--detach", "--quiet", path, sha], { cwd: repository.root, signal });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, sha, [Symbol.asyncDispose]: remove };
}
