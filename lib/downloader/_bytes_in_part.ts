import { partPathOf, readJournal, sizeOfExtents } from "../transfer/mod.ts";
import { statOrNull } from "./_stat_or_null.ts";

/**
 * Bytes of a file that an earlier run has fetched. A part that several connections wrote to has gaps; its journal lists
 * them.
 */
export async function bytesInPart(path: string): Promise<number> {
  const length = (await statOrNull(partPathOf(path)))?.size ?? 0;
  const extents = length === 0 ? undefined : (await readJournal(path))?.extents;
  return extents === undefined ? length : sizeOfExtents(extents);
}
