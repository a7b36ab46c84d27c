import type { CatalogItem } from "../../library/mod.ts";

/**
 * Build a target that makes `download` fetch this item again.
 *
 * @param item A row of the catalog
 * @returns `image:…` or the URL of a file, for `failed.txt`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { targetOf } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(targetOf({ kind: "image", imageId: 7, versionId: null, fileId: null }), "image:7");
 * const file = { kind: "file", imageId: null, versionId: 2, fileId: 3 } as const;
 * assertEquals(targetOf(file), "https://civitai.com/api/download/models/2?fileId=3");
 * ```
 */
export function targetOf(item: Pick<CatalogItem, "kind" | "imageId" | "versionId" | "fileId">): string {
  if (item.kind !== "file") return `image:${item.imageId}`;
  return `https://civitai.com/api/download/models/${item.versionId}?fileId=${item.fileId}`;
}
