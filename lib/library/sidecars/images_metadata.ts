import type { JsonObject } from "../json_object.ts";

/** One image, as `images_metadata.json` describes it. */
export interface ImageFacts {
  /** Id of the image. */
  readonly id: number;
  /** URL that the image came from; never a signed one. */
  readonly url: string;
  /** Path relative to the folder of the metadata file, with forward slashes; `null` if the image is not on disk. */
  readonly file: string | null;
  /** `image`, `video` or `audio`. */
  readonly type: string;
  /** Width in pixels. */
  readonly width: number | null;
  /** Height in pixels. */
  readonly height: number | null;
  /** Maturity bits. */
  readonly nsfwLevel: number;
  /** User name of the poster. */
  readonly username: string | null;
  /** Id of the post that the image belongs to. */
  readonly postId: number | null;
  /** When the image was created, ISO 8601. */
  readonly createdAt: string | null;
  /** Generation data, such as prompt and seed. */
  readonly meta: JsonObject | null;
}

/**
 * Build `images_metadata.json`: a list of images without duplicates, highest id first.
 *
 * @param images The images; if several have the same id, the last one is used
 * @returns The content; {@linkcode writeSidecar} merges it by id with the existing file
 */
export function imagesMetadata(images: Iterable<ImageFacts>): readonly JsonObject[] {
  const byId = new Map<number, ImageFacts>();
  for (const image of images) byId.set(image.id, image);
  return [...byId.values()].sort((a, b) => b.id - a.id).map((image) => ({ ...image }));
}
