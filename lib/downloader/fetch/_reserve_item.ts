import type { CatalogItem } from "../../library/mod.ts";
import type { SettledFetch } from "../settled_fetch.ts";
import { bytesInPart } from "./_bytes_in_part.ts";

/**
 * Reserve the link and the bytes that an item still needs in the daily quota. A link that is known costs nothing.
 */
export async function reserveItem(
  context: SettledFetch,
  item: CatalogItem,
  path: string,
): Promise<Disposable | undefined> {
  const { quota, links } = context;
  if (quota === undefined || !quota.isLimited) return undefined;
  const isLinked = item.kind !== "file" || links.recall(item.key) !== null;
  const partBytes = item.sizeBytes === null ? 0 : await bytesInPart(path);
  // The size of an image is unknown: reserve one byte, so that no image starts after the quota is used up.
  const bytes = item.sizeBytes === null ? 1 : Math.max(0, item.sizeBytes - partBytes);
  return quota.reserve({ key: item.key, path: item.path, links: isLinked ? 0 : 1, bytes });
}
