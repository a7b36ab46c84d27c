import { join } from "node:path";
import { acquireLock, KitError } from "../base/mod.ts";
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
}

/**
 * Remove the throw-away trees of processes that died: those that {@linkcode addWorktree} recorded and nobody holds any
 * more. What others made is never touched.
 *
 * @param options Where
 * @returns The paths of the trees that are gone now
 */
export async function removeLeftovers(options: RemoveLeftoversOptions = {}): Promise<readonly string[]> {
  const { registry = worktreeRegistry() } = options;
  const removed: string[] = [];
  for (const folder of await foldersOf(registry)) {
    using lock = await tryLock(join(folder, "lock"));
    if (lock === null) continue;
    const path = await removeRecorded(folder);
    await Deno.remove(folder, { recursive: true });
    if (path !== null) removed.push(path);
  }
  return removed;
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
async function tryLock(path: string): Promise<Disposable | null> {
  try {
    return await acquireLock(path, { command: "clean up" });
  } catch (error) {
    if (error instanceof KitError && error.code === "unsafe") return null;
    // Another run has removed it meanwhile.
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function removeRecorded(folder: string): Promise<string | null> {
  const record = await readRecord(join(folder, "record.json"));
  // It died before it wrote the record, and so before it made a tree.
  if (record === null) return null;
  try {
    await removeTree(await openRepository(record.repository), record.path);
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
