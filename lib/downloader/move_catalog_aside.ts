import { join, resolve } from "node:path";
import { acquireLock, type Clock, KitError, syncDir, systemClock } from "../base/mod.ts";
import { openCatalog } from "../library/mod.ts";
import { explainFolder } from "./_explain_folder.ts";
import { STATE_FOLDER } from "./open_library.ts";
import { statOrNull } from "./verify/stat_or_null.ts";

/** Options of {@linkcode moveCatalogAside}. */
export interface MoveCatalogAsideOptions {
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Leave a catalog that is sound where it is.
   *
   * @default {false}
   */
  readonly onlyDamaged?: boolean | undefined;
}

/**
 * Give a catalog that cannot be used another name, so that a new one can be made; nothing is deleted.
 *
 * @param root The library; nobody may have it open
 * @param options The clock that dates the name
 * @returns Its new path; `null` if there was none, or none that is damaged
 * @throws {KitError} `unsafe` if another run holds the library, or it cannot be written; with `onlyDamaged`, if the
 * catalog is of a newer version
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
  // The log goes first: one that was left beside a new catalog might be taken for its own.
  for (const ending of ["-shm", "-wal", ""]) {
    if (await statOrNull(`${from}${ending}`) !== null) await Deno.rename(`${from}${ending}`, `${to}${ending}`);
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

async function freeName(wish: string): Promise<string> {
  for (let number = 1;; number++) {
    const path = number === 1 ? wish : `${wish}-${number}`;
    const taken = await Promise.all([path, `${path}-wal`].map(statOrNull));
    if (taken.every((info) => info === null)) return path;
  }
}
