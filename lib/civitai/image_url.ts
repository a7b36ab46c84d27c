import type { ImageItem } from "./shapes/entities.ts";

/** Options of {@linkcode imageUrl}. */
export interface ImageUrlOptions {
  /**
   * `original` is the best available quality; `preview` is a small still picture, even for a video.
   *
   * @default {"original"}
   */
  readonly variant?: "original" | "preview";
}

/**
 * Build the URL of an image in the requested variant. Only the unmodified original of an image contains its generation
 * data. The original of a video may be a still picture, so a video is requested in transcoded form.
 *
 * @param item The image
 * @param options The variant
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
export function imageUrl(item: ImageItem, options: ImageUrlOptions = {}): string {
  const { variant = "original" } = options;
  const parameters = parametersOf(item.type, variant);
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

function parametersOf(type: ImageItem["type"], variant: "original" | "preview"): string | null {
  if (type === "audio") return null;
  if (variant === "preview") return type === "video" ? "anim=false,transcode=true,width=450" : "anim=false,width=450";
  return type === "video" ? "transcode=true,quality=100" : "original=true";
}
