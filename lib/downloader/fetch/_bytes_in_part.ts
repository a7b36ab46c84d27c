import { partPathOf, readJournal, sizeOfExtents } from "../../transfer/mod.ts";
import { existsSync } from "../_exists_sync.ts";
import { statOrNull } from "../verify/stat_or_null.ts";

/**
 * Bytes of a file that an earlier run has fetched. A part that several connections wrote to has gaps; its journal lists
 * them.
 */
export async function bytesInPart(path: string): Promise<number> {
  // Most files begin without one, and to see that at once is cheaper than to ask another thread.
  if (!existsSync(partPathOf(path))) return 0;
  const length = (await statOrNull(partPathOf(path)))?.size ?? 0;
  const extents = length === 0 ? undefined : (await readJournal(path))?.extents;
  return extents === undefined ? length : sizeOfExtents(extents);
}
