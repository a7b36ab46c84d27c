import { partPathOf, readJournal, sizeOfExtents } from "../transfer/mod.ts";
import { statOrNull } from "./_stat_or_null.ts";

/**
 * What is there of a file from an earlier run. A part that several connections wrote to has gaps, which its journal
 * tells.
 */
export async function bytesInPart(path: string): Promise<number> {
  const length = (await statOrNull(partPathOf(path)))?.size ?? 0;
  const extents = length === 0 ? undefined : (await readJournal(path))?.extents;
  return extents === undefined ? length : sizeOfExtents(extents);
}
