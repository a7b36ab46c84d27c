import { isRecord } from "../../base/mod.ts";
import { type ImageItem, parseImage } from "../../civitai/mod.ts";

/** An image of a showcase, with what stands for it while it comes. */
export interface ShowcaseImage extends ImageItem {
  /** Blurhash; `null` if unknown. */
  readonly hash: string | null;
}

/** Longest blurhash: 9 by 9 components. */
const BLURHASH = /^[\w#$%*+,\-.:;=?@[\]^{|}~]{6,170}$/;

/**
 * Read the images of a version, as the API has sent them. What cannot be read is left out.
 *
 * @param images The field `images` of the answer
 */
export function readShowcase(images: unknown): readonly ShowcaseImage[] {
  return Array.isArray(images) ? images.map(readImage).filter((image) => image !== null) : [];
}

/**
 * Find the image that stands for a version: the first picture that is on disk, else the first picture, else the first
 * video. Reads no more than it needs, since an index does this for every version.
 *
 * @param images The field `images` of the answer
 * @param onDisk Ids of images that are on disk
 * @returns The image; `null` if there is none
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { firstImage } from "@civitai-dl/civitai-dl/downloader";
 *
 * const images = ["77.mp4", "78.jpeg"].map((name) => ({ url: `https://image.civitai.com/a/b/original=true/${name}` }));
 * assertEquals(firstImage(images, new Set())?.id, 78);
 * ```
 */
export function firstImage(images: unknown, onDisk: ReadonlySet<number>): ShowcaseImage | null {
  if (!Array.isArray(images)) return null;
  let first: ShowcaseImage | null = null;
  for (const entry of images.slice(0, 20)) {
    if (first !== null && !isPicture(entry)) continue;
    const image = readImage(entry);
    if (image === null || image.type === "audio") continue;
    if (image.type === "image" && (onDisk.size === 0 || onDisk.has(image.id))) return image;
    first = first === null || (first.type === "video" && image.type === "image") ? image : first;
  }
  return first;
}

function isPicture(entry: unknown): boolean {
  return isRecord(entry) && entry.type !== "video" && entry.type !== "audio";
}

function readImage(entry: unknown): ShowcaseImage | null {
  try {
    const image = parseImage(entry);
    const { hash } = entry as Readonly<Record<string, unknown>>;
    return { ...image, hash: typeof hash === "string" && BLURHASH.test(hash) ? hash : null };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
