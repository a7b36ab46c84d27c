import { join } from "node:path";
import { existsSync, KitError, lstatSyncOrNull } from "../base/mod.ts";
import { explainFolder } from "./_explain_folder.ts";
import { catalogFile, STATE_FOLDER, walkFiles } from "../library/mod.ts";

/**
 * What runs that have a catalog leave in `state`, also set aside as corrupt. A monitor writes files of its own there
 * before the first run.
 */
const RUN_STATE = /^(?:failsafe\.json|quota\.json|active$)/;

/**
 * Refuse to open a library whose catalog is missing or empty, unless nothing was fetched into it yet: a new catalog
 * would be empty, and runs and checks would take the library for an empty one. A run that is killed while it creates
 * a library leaves a lock, perhaps an empty catalog, and no state.
 *
 * @param root Folder of the library
 * @param options Whether there must be a library: files beside an empty catalog are then taken for its own, else perhaps
 * for those of an earlier tool
 * @throws {KitError} `integrity` if the catalog was lost; with `mustExist`, `usage` if there is none yet
 */
export async function assertCatalog(root: string, options: AssertCatalogOptions): Promise<void> {
  try {
    await refuseLost(root, options);
  } catch (error) {
    throw explainFolder(error, root);
  }
}

/** Options of {@linkcode assertCatalog}. */
interface AssertCatalogOptions {
  readonly mustExist: boolean;
}

async function refuseLost(root: string, { mustExist }: AssertCatalogOptions): Promise<void> {
  const home = join(root, STATE_FOLDER);
  if (mustExist) await assertHome(root, home);
  const catalog = lstatSyncOrNull(catalogFile(root));
  // A link or a folder in its place is refused when it is opened.
  if (catalog !== null && (!catalog.isFile || catalog.size > 0)) return;
  const wasCreated = catalog !== null || existsSync(join(home, "lock"));
  if (wasCreated && (await hasRunState(home) || mustExist && await hasFiles(root))) {
    throw new KitError("integrity", `Cannot open library "${root}": its catalog is ${catalog ? "empty" : "gone"}`, {
      hint: "Rebuild it from hashes and sidecars: civitai-dl verify --rebuild",
    });
  }
  if (mustExist) throw notYet(root, "it has no catalog yet");
}

async function assertHome(root: string, home: string): Promise<void> {
  try {
    if (!(await Deno.stat(home)).isDirectory) throw new Deno.errors.NotADirectory(home);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (existsSync(root)) throw notYet(root, `it has no ${STATE_FOLDER}`, error);
    throw new KitError("usage", `Cannot open library "${root}": it does not exist`, {
      hint: "Set --output FOLDER, or fetch something first: civitai-dl download --user NAME",
      cause: error,
    });
  }
}

function notYet(root: string, state: string, cause?: unknown): KitError {
  return new KitError("usage", `Cannot open library "${root}": ${state}`, {
    hint: "Set --output FOLDER, fetch something first: civitai-dl download --user NAME, or catalog the files there: " +
      "civitai-dl verify --rebuild",
    cause,
  });
}

async function hasRunState(home: string): Promise<boolean> {
  const state = join(home, "state");
  if (!lstatSyncOrNull(state)?.isDirectory) return false;
  const names = await Array.fromAsync(Deno.readDir(state), ({ name }) => name);
  return names.some((name) => RUN_STATE.test(name));
}

async function hasFiles(root: string): Promise<boolean> {
  for await (const _ of walkFiles(root)) return true;
  return false;
}
