import type { JsonObject } from "../json_object.ts";

/** One image as `images_metadata.json` tells of it. */
export interface ImageFacts {
  /** Id of the image. */
  readonly id: number;
  /** Where it came from; never a signed URL. */
  readonly url: string;
  /** Path below the metadata file, with forward slashes; `null` if it is not on disk. */
  readonly file: string | null;
  /** `image`, `video` or `audio`. */
  readonly type: string;
  /** Pixels. */
  readonly width: number | null;
  /** Pixels. */
  readonly height: number | null;
  /** Maturity bits. */
  readonly nsfwLevel: number;
  /** Who posted it. */
  readonly username: string | null;
  /** The post that it belongs to. */
  readonly postId: number | null;
  /** ISO 8601. */
  readonly createdAt: string | null;
  /** Generation data. */
  readonly meta: JsonObject | null;
}

/**
 * Build `images_metadata.json`: a list of images, the newest first, each once.
 *
 * @param images The images
 * @returns The content; {@linkcode writeSidecar} adds it to what is there by id
 */
export function imagesMetadata(images: Iterable<ImageFacts>): readonly JsonObject[] {
  const byId = new Map<number, ImageFacts>();
  for (const image of images) byId.set(image.id, image);
  return [...byId.values()].sort((a, b) => b.id - a.id).map((image) => ({ ...image }));
}
