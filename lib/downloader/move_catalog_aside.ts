import { join, resolve } from "node:path";
import { acquireLock, type Clock, KitError, renameFile, syncDir, systemClock } from "../base/mod.ts";
import { openCatalog } from "../library/mod.ts";
import { explainFolder } from "./_explain_folder.ts";
import { STATE_FOLDER } from "./open_library.ts";
import { statOrNull } from "./verify/stat_or_null.ts";

/** Options of {@linkcode moveCatalogAside}. */
export interface MoveCatalogAsideOptions {
  /**
   * Clock that provides the date in the new name.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Whether to leave an intact catalog in place.
   *
   * @default {false}
   */
  readonly onlyDamaged?: boolean | undefined;
}

/**
 * Rename a catalog that cannot be used, so that a new one can be created; nothing is deleted.
 *
 * @param root Folder of the library; no other process may have it open
 * @param options Clock, and whether an intact catalog stays in place
 * @returns New path of the catalog; `null` if there is no catalog, or it is intact and stays in place
 * @throws {KitError} `unsafe` if another run holds the library, or the library cannot be written to; with
 * `onlyDamaged`, also if the catalog is from a newer version
 *
 * @example
 * ```ts
 * import { assertEquals, assertMatch } from "@std/assert";
 * import { moveCatalogAside, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * (await openLibrary(folder, { command: "example" }))[Symbol.dispose]();
 * assertEquals(await moveCatalogAside(folder, { onlyDamaged: true }), null);
 * assertMatch(await moveCatalogAside(folder) ?? "", /catalog\.db\.corrupt-/);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function moveCatalogAside(root: string, options: MoveCatalogAsideOptions = {}): Promise<string | null> {
  const { clock = systemClock, onlyDamaged = false } = options;
  const state = join(resolve(root), STATE_FOLDER);
  if (await statOrNull(state) === null) return null;
  using _lock = await acquireLock(join(state, "lock"), { command: "verify --rebuild", clock }).catch((error) => {
    throw explainFolder(error, root);
  });
  const from = join(state, "catalog.db");
  if (onlyDamaged && await statOrNull(from) !== null && isSound(from)) return null;
  const to = await freeName(`${from}.corrupt-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(":", "-")}`);
  const hadCatalog = await statOrNull(from) !== null;
  // Rename the log first: a log that stays next to a new catalog might be replayed into it.
  for (const ending of ["-shm", "-wal", ""]) {
    if (await statOrNull(`${from}${ending}`) !== null) await renameFile(`${from}${ending}`, `${to}${ending}`);
  }
  await syncDir(state);
  return hadCatalog ? to : null;
}

function isSound(path: string): boolean {
  try {
    openCatalog(path, { check: true })[Symbol.dispose]();
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
