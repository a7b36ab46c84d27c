import { join } from "node:path";
import { acquireLock, type Clock, KitError, systemClock } from "../../base/mod.ts";
import { removeTree } from "./_remove_tree.ts";
import { removeTreeFolder, worktreeRegistry } from "./_worktree_registry.ts";
import { openRepository } from "../open_repository.ts";

/** Options of {@linkcode removeLeftovers}. */
export interface RemoveLeftoversOptions {
  /**
   * As in {@linkcode addWorktree}.
   *
   * @default {the default of addWorktree()}
   */
  readonly registry?: string | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What others see if they meet a lock. */
const COMMAND = "clean up";

/**
 * A process locks its folder and writes its record right after creating it. A folder without them is therefore from a
 * process that died if it is older than this, in milliseconds.
 */
const UNRECORDED_MS = 3_600_000;

/**
 * Remove the temporary working trees of processes that died: those that {@linkcode addWorktree} recorded and whose lock
 * is not held. Trees that were created in any other way are never touched. It is safe to call this while other runs add
 * and remove trees.
 *
 * @param options Registry and clock
 * @returns The paths of the trees that were removed
 */
export async function removeLeftovers(options: RemoveLeftoversOptions = {}): Promise<readonly string[]> {
  const { registry = worktreeRegistry(), clock = systemClock } = options;
  const removed: string[] = [];
  for (const folder of await foldersOf(registry)) {
    // An owner that has not recorded its tree may be about to take the lock: do not get in its way.
    if (await isInUse(folder, clock)) continue;
    const hold = await holdFolder(folder, clock);
    if (hold === null) continue;
    try {
      // Until the lock was held, the owner may have removed the folder, and made it again under the same name.
      if (await isInUse(folder, clock)) continue;
      const path = await removeRecorded(folder);
      await removeTreeFolder(folder);
      if (path !== null) removed.push(path);
    } finally {
      hold[Symbol.dispose]();
    }
  }
  return removed;
}

/** Check whether a process may still be setting up the folder, or what the tree was made for still exists. */
async function isInUse(folder: string, clock: Clock): Promise<boolean> {
  const record = await readRecord(join(folder, "record.json"));
  if (record === null) return await isNew(folder, clock);
  // Such as an operation to be continued.
  return record.keptFor !== undefined && await Deno.stat(record.keptFor).then(() => true, () => false);
}

async function isNew(folder: string, clock: Clock): Promise<boolean> {
  try {
    const { mtime } = await Deno.stat(folder);
    return clock.now() - (mtime?.getTime() ?? 0) < UNRECORDED_MS;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
}

async function foldersOf(registry: string): Promise<readonly string[]> {
  try {
    const folders: string[] = [];
    for await (const entry of Deno.readDir(registry)) if (entry.isDirectory) folders.push(join(registry, entry.name));
    return folders;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Lock a folder. Returns `null` if its process is still running, or is making or removing it. */
async function holdFolder(folder: string, clock: Clock): Promise<Disposable | null> {
  try {
    // A lock file created here could get in the way of the owner while it removes the folder.
    return await acquireLock(join(folder, "lock"), { command: COMMAND, mustExist: true });
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return null;
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await isNew(folder, clock) ? null : { [Symbol.dispose]() {} };
  }
}

async function removeRecorded(folder: string): Promise<string | null> {
  const record = await readRecord(join(folder, "record.json"));
  // The process died before writing the record, and therefore before creating a tree.
  if (record === null) return null;
  try {
    await removeTree(await openRepository(record.repository), record.path, { command: COMMAND });
  } catch (error) {
    // The repository no longer exists, and neither does its list of working trees.
    if (!(error instanceof KitError && error.code === "usage")) throw error;
  }
  return record.path;
}

/** What {@linkcode addWorktree} records of a tree. */
interface TreeRecord {
  readonly repository: string;
  readonly path: string;
  readonly keptFor?: string;
}

async function readRecord(path: string): Promise<TreeRecord | null> {
  try {
    const { repository, path: tree, keptFor } = JSON.parse(await Deno.readTextFile(path));
    if (typeof repository !== "string" || typeof tree !== "string") return null;
    return { repository, path: tree, ...typeof keptFor === "string" ? { keptFor } : {} };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
