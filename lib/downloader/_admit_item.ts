import type { CatalogItem } from "../library/mod.ts";
import { partPathOf, readJournal, sizeOfExtents } from "../transfer/mod.ts";
import type { FetchContext } from "./fetch_context.ts";
import { statOrNull } from "./_stat_or_null.ts";

/** Ask the day's quota for what is left of an item; a link that was kept costs nothing. */
export async function admitItem(
  context: FetchContext,
  item: CatalogItem,
  path: string,
): Promise<Disposable | undefined> {
  const { quota, links } = context;
  if (quota === undefined || !quota.isLimited) return undefined;
  const isLinked = item.kind !== "file" || (await links?.recall(item.key) ?? null) !== null;
  const partBytes = item.sizeBytes === null ? 0 : await bytesInPart(path);
  // Of an image nobody knows the size: one byte stands for it, so that none begins when all is used.
  const bytes = item.sizeBytes === null ? 1 : Math.max(0, item.sizeBytes - partBytes);
  return quota.admit({ key: item.key, path: item.path, links: isLinked ? 0 : 1, bytes });
}

/** A part that several connections wrote to has gaps, which its journal tells. */
async function bytesInPart(path: string): Promise<number> {
  const length = (await statOrNull(partPathOf(path)))?.size ?? 0;
  const extents = length === 0 ? undefined : (await readJournal(path))?.extents;
  return extents === undefined ? length : sizeOfExtents(extents);
}
