import type { CatalogItem } from "../../library/mod.ts";

/**
 * A word that `download` takes and that fetches this very item again.
 *
 * @param item The row
 * @returns A target, for `failed.txt`
 */
export function targetOf(item: Pick<CatalogItem, "kind" | "imageId" | "versionId" | "fileId">): string {
  if (item.kind !== "file") return `image:${item.imageId}`;
  return `https://civitai.com/api/download/models/${item.versionId}?fileId=${item.fileId}`;
}
