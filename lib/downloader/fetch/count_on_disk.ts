import { join } from "node:path";
import { statSyncOrNull } from "../../base/mod.ts";
import { isInnerPath, type ItemFilter } from "../../library/mod.ts";
import { RenamedFiles } from "./renamed_files.ts";
import type { Library } from "../open_library.ts";
import { isKnownDamage } from "../verify/broken_marks.ts";

/**
 * Count the model files of a plan that may be on disk: something is at their path, or a file of their size has another
 * name. A plan reads no bytes, so only the run knows; it fetches none of them that has the right SHA-256.
 *
 * @param library Folder and catalog
 * @param queued The planned items
 * @param signal Stops the walk
 * @returns Their number
 */
export async function countOnDisk(library: Library, queued: ItemFilter, signal: AbortSignal): Promise<number> {
  const { root, catalog } = library;
  const renamed = new RenamedFiles(library);
  let count = 0;
  for (const item of catalog.items({ ...queued, kinds: ["file"] })) {
    if (!isInnerPath(item.path) || catalog.replacedSha256(item.key) !== null) continue;
    const info = statSyncOrNull(join(root, item.path));
    // What `verify` found damaged at its path is fetched again.
    const mayBeThere = info === null
      ? await renamed.hasCandidate(item, signal)
      : !isKnownDamage(catalog, item, { sizeBytes: info.size, mtimeMs: info.mtime?.getTime() ?? 0 });
    if (mayBeThere) count++;
  }
  return count;
}
