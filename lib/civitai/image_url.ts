import type { ImageItem } from "./shapes/entities.ts";

/** Options of {@linkcode imageUrl}. */
export interface ImageUrlOptions {
  /**
   * `original` is the best available quality; `preview` is a small still picture, even for a video.
   *
   * @default {"original"}
   */
  readonly variant?: "original" | "preview";
  /**
   * Width of a preview in pixels. The media host makes 96, 320, 450 and some larger ones, and never enlarges an image.
   *
   * @default {450}
   */
  readonly width?: number | undefined;
}

/**
 * Build the URL of an image in the requested variant. Only the unmodified original of an image contains its generation
 * data. The original of a video may be a still picture, so a video is requested in transcoded form.
 *
 * @param item The image
 * @param options The variant, and the width of a preview
 * @returns The URL of the variant; the item's own URL for audio, or if the path of the URL is not in the media host's
 * format
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { imageUrl, parseImage } from "@civitai-dl/civitai-dl/civitai";
 *
 * const item = parseImage({ id: 5, url: "https://image.civitai.com/abc/def/width=450/5.jpeg" });
 * assertEquals(imageUrl(item), "https://image.civitai.com/abc/def/original=true/5.jpeg");
 * assertEquals(
 *   imageUrl(item, { variant: "preview" }),
 *   "https://image.civitai.com/abc/def/anim=false,width=450/5.jpeg",
 * );
 * ```
 */
export function imageUrl(item: Pick<ImageItem, "url" | "type">, options: ImageUrlOptions = {}): string {
  const { variant = "original", width = 450 } = options;
  const parameters = variant === "preview" ? previewParameters(item.type, width) : originalParameters(item.type);
  const url = URL.parse(item.url);
  const segments = url?.pathname.split("/") ?? [];
  const name = segments.at(-1) ?? "";
  const isKnown = segments.length > 2 && name !== "" && segments.at(-2)!.includes("=");
  if (url === null || !isKnown || parameters === null) return item.url;
  const isVideoPreview = item.type === "video" && variant === "preview";
  segments.splice(-2, 2, parameters, isVideoPreview ? name.replace(/\.[a-z0-9]+$/i, ".jpeg") : name);
  url.pathname = segments.join("/");
  return url.href;
}

function originalParameters(type: ImageItem["type"]): string | null {
  if (type === "audio") return null;
  return type === "video" ? "transcode=true,quality=100" : "original=true";
}

function previewParameters(type: ImageItem["type"], width: number): string | null {
  if (type === "audio") return null;
  return type === "video" ? `anim=false,transcode=true,width=${width}` : `anim=false,width=${width}`;
}
