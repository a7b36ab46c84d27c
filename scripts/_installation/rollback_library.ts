import { join } from "node:path";
import { inspectLock, KitError } from "../../lib/base/mod.ts";
import { catalogFile, readCatalogVersion, STATE_FOLDER } from "../../lib/library/mod.ts";
import type { CheckLibraryOptions } from "../../lib/installation/mod.ts";
import { assertLibrary } from "../_frame/library/find_library.ts";

/**
 * Check that another version of this program can read a library. Changes nothing.
 *
 * @returns What has to be done before, in words; `null` if nothing
 * @throws {KitError} `unsafe` if it cannot read it, `usage` if there is no library
 */
export async function checkLibrary(
  library: string,
  { catalogVersion, stopsRun }: CheckLibraryOptions,
): Promise<string | null> {
  await assertLibrary(library);
  refuseOtherCatalog(catalogFile(library), catalogVersion);
  const lock = stopsRun ? await inspectLock(join(library, STATE_FOLDER, "lock")) : null;
  if (lock === null || !lock.isHeld) return null;
  const who = lock.holder === undefined ? "the process" : `process ${lock.holder.pid}`;
  return `Stopping ${who} that holds the library`;
}

/** A program refuses a catalog of another version, so a library would be of no use to it. */
function refuseOtherCatalog(path: string, version: number | null): void {
  const found = readCatalogVersion(path);
  if (found === null || found === 0 || found === version) return;
  const reason = version === null
    ? "the sources of that version do not say which catalogs it reads"
    : `that version of the program reads version ${version}`;
  throw new KitError("unsafe", `Cannot go back with catalog "${path}" of version ${found}: ${reason}`, {
    hint:
      "Choose a later version, or leave --library out, move the file away, and let the older version make its own: " +
      "civitai-dl verify --rebuild",
  });
}
