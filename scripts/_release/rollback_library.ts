import { basename, join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { STATE_FOLDER } from "../../lib/downloader/mod.ts";
import type { RollbackLibrary } from "../../lib/release/mod.ts";
import { CATALOG_VERSION } from "../../lib/library/mod.ts";

/** What a rollback does with a library: nothing yet, but it refuses what an older version could not read. */
export const rollbackLibrary: RollbackLibrary = {
  async check(library, catalogVersion) {
    const home = join(library, STATE_FOLDER);
    const isLibrary = await Deno.stat(home).then((info) => info.isDirectory, () => false);
    if (!isLibrary) {
      throw new KitError("usage", `Cannot check library "${library}": it has no ${STATE_FOLDER}`, {
        hint: "Name the folder that was downloaded to by --library",
      });
    }
    if (catalogVersion === CATALOG_VERSION) return null;
    throw new KitError("unsafe", `Cannot use ${basename(library)} with that version: its catalog is newer`);
  },
  convert: () => Promise.resolve(),
  restore: () => Promise.resolve(),
};
