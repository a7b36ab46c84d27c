import { join } from "node:path";
import { acquireLock, type Clock, KitError, removeLockedFolder, systemClock } from "../base/mod.ts";
import { removeTree } from "./_remove_tree.ts";
import { worktreeRegistry } from "./_worktree_registry.ts";
import { openRepository } from "./open_repository.ts";

/** Options of {@linkcode removeLeftovers}. */
export interface RemoveLeftoversOptions {
  /**
   * As in {@linkcode addWorktree}.
   *
   * @default {the same folder}
   */
  readonly registry?: string | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Whoever makes a tree has written its record long before; until then its folder is left to it. */
const UNRECORDED_MS = 3_600_000;

/**
 * Remove the throw-away trees of processes that died: those that {@linkcode addWorktree} recorded and nobody holds any
 * more. What others made is never touched. Runs that make and remove trees meanwhile do not disturb it, nor it them.
 *
 * @param options Where
 * @returns The paths of the trees that are gone now
 */
export async function removeLeftovers(options: RemoveLeftoversOptions = {}): Promise<readonly string[]> {
  const { registry = worktreeRegistry(), clock = systemClock } = options;
  const removed: string[] = [];
  for (const folder of await foldersOf(registry)) {
    if (await isBeingMade(folder, clock)) continue;
    using hold = await holdFolder(folder);
    if (hold === null) continue;
    const path = await removeRecorded(folder, registry);
    await removeLockedFolder(folder);
    if (path !== null) removed.push(path);
  }
  return removed;
}

/** The record is written under the lock, so only a folder without one may be about to be locked. */
async function isBeingMade(folder: string, clock: Clock): Promise<boolean> {
  if (await readRecord(join(folder, "record.json")) !== null) return false;
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

/** `null` if its process lives. */
async function holdFolder(folder: string): Promise<Disposable | null> {
  try {
    // A lock file made here would come in the way of the owner, who may be removing the folder.
    return await acquireLock(join(folder, "lock"), { command: "clean up", mustExist: true });
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return null;
    // Its owner, or another run that cleans up, is removing it; if that one dies, the record is without a lock.
    if (error instanceof Deno.errors.NotFound) return { [Symbol.dispose]() {} };
    throw error;
  }
}

async function removeRecorded(folder: string, registry: string): Promise<string | null> {
  const record = await readRecord(join(folder, "record.json"));
  // It died before it wrote the record, and so before it made a tree.
  if (record === null) return null;
  try {
    await removeTree(await openRepository(record.repository), record.path, registry);
  } catch (error) {
    // The repository is gone, and with it all that knew of the tree.
    if (!(error instanceof KitError && error.code === "usage")) throw error;
  }
  return record.path;
}

async function readRecord(path: string): Promise<{ readonly repository: string; readonly path: string } | null> {
  try {
    const { repository, path: tree } = JSON.parse(await Deno.readTextFile(path));
    return typeof repository === "string" && typeof tree === "string" ? { repository, path: tree } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
