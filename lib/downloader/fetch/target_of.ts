import type { CatalogItem } from "../../library/mod.ts";

/**
 * Build a target that makes `download` fetch this item again.
 *
 * @param item A row of the catalog
 * @returns `image:…` or the URL of a file, for `failed.txt`
 */
export function targetOf(item: Pick<CatalogItem, "kind" | "imageId" | "versionId" | "fileId">): string {
  if (item.kind !== "file") return `image:${item.imageId}`;
  return `https://civitai.com/api/download/models/${item.versionId}?fileId=${item.fileId}`;
}
