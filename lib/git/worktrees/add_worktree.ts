import { dirname, join } from "node:path";
import { acquireLock, writeAtomic } from "../../base/mod.ts";
import { EXACT_CHECKOUT } from "../checkout/exact_checkout.ts";
import { holdWorktreeList } from "./_hold_worktree_list.ts";
import { removeTree } from "./_remove_tree.ts";
import { repositoryKey } from "./_repository_key.ts";
import { holdTreeFolder, removeTreeFolder, worktreeRegistry } from "./_worktree_registry.ts";
import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";

/** Options of {@linkcode addWorktree}. */
export interface WorktreeOptions {
  /** The command of this process, such as `rollback v1.0.3`; shown to a process that meets its lock. */
  readonly command: string;
  /**
   * Folder for all temporary working trees of this user and a record of each.
   *
   * @default {a folder for this user in the system's temporary folder}
   */
  readonly registry?: string | undefined;
  /** Stops git; the call then removes the tree and rejects. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Name of the tree among those of its repository. Give one to find the tree again with {@linkcode findWorktree}.
   *
   * @default {a random name}
   */
  readonly name?: string | undefined;
  /**
   * A file: while it exists, {@linkcode removeLeftovers} leaves the tree alone, even if this process has died.
   *
   * @default {undefined}
   */
  readonly keptFor?: string | undefined;
}

/** A temporary working tree; disposing it removes it. */
export interface Worktree extends AsyncDisposable {
  /** Absolute path of the tree. */
  readonly path: string;
  /** Full hash of the commit that was checked out in it at first. */
  readonly sha: string;
  /** Release the tree without removing it, so that {@linkcode findWorktree} can take it over. */
  readonly keep: () => void;
}

/**
 * Check out a commit into a temporary working tree outside of the user's checkout. The tree is recorded before it is
 * created, so that {@linkcode removeLeftovers} finds it even if this process is killed. Checkout, index, branches,
 * stash and other working trees of the repository do not change.
 *
 * @param repository The repository that contains the commit
 * @param sha Full hash of the commit
 * @param options Command, registry and signal
 * @returns The tree; dispose it to remove it
 * @throws {KitError} `failed` with the error message of git, and the errors of {@linkcode runGit}
 */
export async function addWorktree(
  repository: Repository,
  sha: string,
  options: WorktreeOptions,
): Promise<Worktree> {
  const { registry = worktreeRegistry(), command, signal, name = crypto.randomUUID(), keptFor } = options;
  const folder = folderOf(repository, registry, name);
  const lock = await holdTreeFolder(folder, { command });
  const path = join(await Deno.realPath(folder), "tree");
  const record = { version: 1, repository: repository.root, path, ...keptFor === undefined ? {} : { keptFor } };
  await writeAtomic(join(folder, "record.json"), `${JSON.stringify(record)}\n`);
  const worktree = heldWorktree(repository, { command, path, sha, lock });
  try {
    try {
      await checkOut(repository, path, { command, sha, signal });
    } catch (error) {
      if (options.name === undefined || signal?.aborted) throw error;
      // A process that was killed while adding or removing the tree of that name may have left files or an entry.
      await removeTree(repository, path, { command });
      await checkOut(repository, path, { command, sha, signal });
    }
  } catch (error) {
    await worktree[Symbol.asyncDispose]();
    throw error;
  }
  return worktree;
}

/** Check a commit out into a new working tree while no other run changes the repository's list. */
async function checkOut(
  repository: Repository,
  path: string,
  { command, sha, signal }: Pick<WorktreeOptions, "command" | "signal"> & { readonly sha: string },
): Promise<void> {
  const hold = await holdWorktreeList(repository, { command, signal });
  try {
    await git(addWorktreeArgs(path, sha), { cwd: repository.root, signal });
  } finally {
    hold[Symbol.dispose]();
  }
}

/**
 * Return the arguments of git that check a commit out into a new working tree.
 *
 * @param path The folder, which must not exist
 * @param sha Full hash of the commit
 * @returns Arguments of git
 */
export function addWorktreeArgs(path: string, sha: string): readonly string[] {
  return [...EXACT_CHECKOUT, "worktree", "add", "--detach", "--quiet", path, sha];
}

/**
 * Find a tree that an earlier process added under a name and kept, and take it over.
 *
 * @param repository The repository that contains it
 * @param name Its name
 * @param options Command and registry
 * @returns The tree, dispose it to remove it; `null` if it no longer exists
 * @throws {KitError} `unsafe` if another process is using it
 */
export async function findWorktree(
  repository: Repository,
  name: string,
  options: Pick<WorktreeOptions, "registry" | "command">,
): Promise<Worktree | null> {
  const { registry = worktreeRegistry(), command } = options;
  const folder = folderOf(repository, registry, name);
  if (!await Deno.stat(join(folder, "tree", ".git")).then(() => true, () => false)) return null;
  const lock = await acquireLock(join(folder, "lock"), { command });
  const path = join(await Deno.realPath(folder), "tree");
  const { code, stdout } = await runGit(["rev-parse", "--verify", "--quiet", "HEAD"], { cwd: path });
  const worktree = heldWorktree(repository, { command, path, sha: stdout.trim(), lock });
  if (code === 0) return worktree;
  await worktree[Symbol.asyncDispose]();
  return null;
}

/**
 * Remove a tree that was added under a name, whatever an earlier process has left of it: files, the entry in the
 * repository's list, both or neither.
 *
 * @param repository The repository that contains it
 * @param name Its name
 * @param options Command and registry
 * @throws {KitError} `unsafe` if another process is using it
 */
export async function removeNamedWorktree(
  repository: Repository,
  name: string,
  options: Pick<WorktreeOptions, "registry" | "command">,
): Promise<void> {
  const { registry = worktreeRegistry(), command } = options;
  const folder = folderOf(repository, registry, name);
  if (!await Deno.stat(folder).then(() => true, () => false)) return;
  const lock = await acquireLock(join(folder, "lock"), { command });
  try {
    await removeTree(repository, join(await Deno.realPath(folder), "tree"), { command });
    await removeTreeFolder(folder);
  } finally {
    lock[Symbol.dispose]();
  }
}

/** All repositories of a user share one registry, and two of them may use the same name at the same time. */
function folderOf(repository: Repository, registry: string, name: string): string {
  return join(registry, `${repositoryKey(repository)}-${name}`);
}

interface HeldTree {
  readonly command: string;
  readonly path: string;
  readonly sha: string;
  readonly lock: Disposable;
}

function heldWorktree(repository: Repository, { command, path, sha, lock }: HeldTree): Worktree {
  return {
    path,
    sha,
    keep: () => lock[Symbol.dispose](),
    async [Symbol.asyncDispose]() {
      try {
        await removeTree(repository, path, { command });
        await removeTreeFolder(dirname(path));
      } finally {
        lock[Symbol.dispose]();
      }
    },
  };
}
