import { checkMedia } from "./check_media.ts";
import { type MediaFormat, sniffImage } from "./sniff_image.ts";

/** Formats of pictures, which may move; videos and sounds are not among them. */
export type PictureFormat = Extract<MediaFormat, "png" | "jpeg" | "webp" | "gif" | "avif">;

const PICTURE_FORMATS: ReadonlySet<MediaFormat> = new Set<PictureFormat>(["png", "jpeg", "webp", "gif", "avif"]);

/**
 * Whether a format is one of pictures.
 *
 * @param format Format by the first bytes
 * @returns False for a video or a sound
 */
export function isPictureFormat(format: MediaFormat): format is PictureFormat {
  return PICTURE_FORMATS.has(format);
}

/**
 * Check whether bytes in memory are a complete picture, whatever a server calls them.
 *
 * @param bytes The whole content
 * @returns Its format, or the problem: `it is not a picture`, `it is truncated: …`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inspectPictureBytes } from "@civitai-dl/civitai-dl/library";
 *
 * const page = new TextEncoder().encode("<html></html>");
 * assertEquals(await inspectPictureBytes(page), { problem: "it is not a picture" });
 * ```
 */
export async function inspectPictureBytes(
  bytes: Uint8Array,
): Promise<{ readonly format: PictureFormat; readonly problem: null } | { readonly problem: string }> {
  const format = sniffImage(bytes);
  if (format === null || !isPictureFormat(format)) {
    return { problem: format === null ? "it is not a picture" : `it is ${format}, not a picture` };
  }
  const read = (offset: number, length: number): Promise<Uint8Array> =>
    Promise.resolve(bytes.subarray(offset, offset + length));
  const problem = await checkMedia({ read, sizeBytes: bytes.length, format });
  return problem === null ? { format, problem } : { problem };
}
