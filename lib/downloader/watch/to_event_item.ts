import type { CatalogItem } from "../../library/mod.ts";
import type { EventItem } from "../download_event.ts";

/**
 * Reduce an item to the part that events contain: no URL, and nothing that only the catalog needs.
 *
 * @param item A row of the catalog
 * @returns The fields for events
 */
export function toEventItem(item: CatalogItem): EventItem {
  const { key, kind, path, creator, modelId, versionId, fileId } = item;
  return { key, kind, path, creator, modelId, versionId, fileId };
}
