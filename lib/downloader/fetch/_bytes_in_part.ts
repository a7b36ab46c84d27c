import { isReachable, statOrNull } from "../../base/mod.ts";
import { partPathOf, readJournal, sizeOfExtents } from "../../transfer/mod.ts";

/**
 * Count the bytes of a file that an earlier run has fetched. A part that several connections wrote to has gaps; its
 * journal lists the extents that are present.
 */
export async function bytesInPart(path: string): Promise<number> {
  // Most files start without a part.
  if (!isReachable(partPathOf(path))) return 0;
  const length = (await statOrNull(partPathOf(path)))?.size ?? 0;
  const extents = length === 0 ? undefined : (await readJournal(path))?.extents;
  return extents === undefined ? length : sizeOfExtents(extents);
}
