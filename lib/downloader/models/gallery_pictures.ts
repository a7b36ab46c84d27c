import type { Catalog } from "../../library/mod.ts";
import { readImageFacts } from "../plan/image_facts.ts";

/** A picture of a gallery that is on disk. */
export interface GalleryPicture {
  /** Id of the image. */
  readonly imageId: number;
  /** Bits of maturity; `null` if nothing was kept of the image. */
  readonly level: number | null;
}

/** What stands for no picture. */
const MOVING = /\.(?:mp4|webm|mp3|m4a|wav|ogg)$/i;

/**
 * Find a picture on disk of the gallery of each version of a model.
 *
 * @param catalog The catalog; it is only read
 * @param modelId Id of the model
 * @returns The first picture of each version that has one, by the id of the version
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { galleryPictures, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * assertEquals(galleryPictures(library.catalog, 123).size, 0);
 * ```
 */
export function galleryPictures(catalog: Catalog, modelId: number): ReadonlyMap<number, GalleryPicture> {
  const found = new Map<number, GalleryPicture>();
  for (const { versionId, imageId, path } of catalog.items({ modelId, kinds: ["gallery"], states: ["done"] })) {
    if (versionId === null || imageId === null || found.has(versionId) || MOVING.test(path)) continue;
    found.set(versionId, { imageId, level: readImageFacts(catalog, imageId)?.nsfwLevel ?? null });
  }
  return found;
}
