import type { CatalogItem } from "../../library/mod.ts";
import type { FetchContext } from "./fetch_context.ts";
import { bytesInPart } from "./_bytes_in_part.ts";

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
