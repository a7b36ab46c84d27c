import { dirname, join, resolve } from "node:path";
import {
  acquireLock,
  assertTrustedFolder,
  type Clock,
  ensurePrivateFolder,
  KitError,
  renameFile,
  statOrNull,
  syncDir,
  systemClock,
} from "../../base/mod.ts";
import { type Catalog, catalogFile, openCatalog, STATE_FOLDER } from "../../library/mod.ts";
import { explainFolder } from "../_explain_folder.ts";
import { noteRebuild } from "./unfinished_rebuild.ts";

/** Options of {@linkcode startRebuild}. */
export interface StartRebuildOptions {
  /**
   * Clock that provides the date in the new name of the old catalog.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Replace a lost or damaged catalog by an empty one that is marked as unfinished until {@linkcode rebuildCatalog} has
 * restored it. The damaged one gets another name; nothing is deleted. An intact catalog stays, and is marked only if it
 * is empty. A process that is killed in between leaves the damaged catalog, none, or the marked one, and commands refuse
 * each of them.
 *
 * @param root Folder of the library; no other process may have it open
 * @param options Clock
 * @returns New path of the damaged catalog; `null` if there was none
 * @throws {KitError} `unsafe` if another run holds the library, the library cannot be written to, or its catalog is
 * from a newer version
 *
 * @example
 * ```ts
 * import { assertEquals, assertMatch } from "@std/assert";
 * import { openLibrary, startRebuild, unfinishedRebuild } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * (await openLibrary(folder, { command: "example" }))[Symbol.dispose]();
 * assertEquals(await startRebuild(folder), null);
 * await Deno.writeTextFile(`${folder}/.civitai-dl/catalog.db`, "damaged: this is not a database");
 * assertMatch(await startRebuild(folder) ?? "", /catalog\.db\.corrupt-/);
 * {
 *   using library = await openLibrary(folder, { command: "example" });
 *   assertEquals(unfinishedRebuild(library.catalog)?.notLookedUp, null);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function startRebuild(root: string, options: StartRebuildOptions = {}): Promise<string | null> {
  const { clock = systemClock } = options;
  const state = join(resolve(root), STATE_FOLDER);
  try {
    assertTrustedFolder(state);
    ensurePrivateFolder(state);
    using _lock = await acquireLock(join(state, "lock"), { command: "verify --rebuild", clock });
    return await replaceCatalog(catalogFile(resolve(root)), new Date(clock.now()));
  } catch (error) {
    throw explainFolder(error, root);
  }
}

async function replaceCatalog(from: string, now: Date): Promise<string | null> {
  const hadCatalog = await statOrNull(from) !== null;
  if (hadCatalog && await keepsSound(from, now)) return null;
  const fresh = await createMarked(`${from}.rebuild`, now);
  const to = await freeName(`${from}.corrupt-${now.toISOString().slice(0, 19).replaceAll(":", "-")}`);
  // Rename the log first: a log that stays next to a new catalog might be replayed into it.
  for (const ending of ["-shm", "-wal", ""]) {
    if (await statOrNull(`${from}${ending}`) !== null) await renameFile(`${from}${ending}`, `${to}${ending}`);
  }
  await renameFile(fresh, from);
  await syncDir(dirname(from));
  return hadCatalog ? to : null;
}

/** Create an empty catalog that is marked as unfinished. */
async function createMarked(path: string, now: Date): Promise<string> {
  for (const ending of ["", "-wal", "-shm"]) {
    if (await statOrNull(`${path}${ending}`) !== null) await Deno.remove(`${path}${ending}`);
  }
  // Closing it moves the log into the file and flushes it.
  using catalog = openCatalog(path);
  mark(catalog, now);
  return path;
}

function mark(catalog: Catalog, now: Date): void {
  noteRebuild(catalog, { startedAt: now.toISOString(), notLookedUp: null });
}

/** Whether a catalog is intact. One without rows is marked, since they may be lost as well. */
async function keepsSound(path: string, now: Date): Promise<boolean> {
  // Opening an empty file would make a new catalog of it, which is not marked until the next step.
  if ((await statOrNull(path))?.size === 0) return false;
  try {
    using catalog = openCatalog(path, { check: true });
    if (catalog.totals().count === 0) mark(catalog, now);
    return true;
  } catch (error) {
    if (error instanceof KitError && error.code === "integrity") return false;
    throw error;
  }
}

async function freeName(base: string): Promise<string> {
  for (let number = 1;; number++) {
    const path = number === 1 ? base : `${base}-${number}`;
    const taken = await Promise.all([path, `${path}-wal`].map(statOrNull));
    if (taken.every((info) => info === null)) return path;
  }
}
