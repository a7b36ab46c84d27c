import type { CatalogItem } from "../../library/mod.ts";
import type { EventItem } from "./download_event.ts";

/**
 * Keep of an item what events tell: no URL, and nothing that only the catalog needs.
 *
 * @param item The row
 * @returns Its public part
 */
export function toEventItem(item: CatalogItem): EventItem {
  const { key, kind, path, creator, modelId, versionId, fileId } = item;
  return { key, kind, path, creator, modelId, versionId, fileId };
}
