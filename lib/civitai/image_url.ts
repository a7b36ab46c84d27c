import type { ImageItem } from "./shapes/entities.ts";

/** Options of {@linkcode imageUrl}. */
export interface ImageUrlOptions {
  /**
   * `original`: the best there is; `preview`: small, and a still picture even of a video.
   *
   * @default {"original"}
   */
  readonly variant?: "original" | "preview";
}

/**
 * The address of a picture in the wanted variant. Only the untouched original of an image keeps its generation data;
 * the plain original of a video may be a still picture, so a video is asked for transcoded.
 *
 * @param item The image
 * @param options Which variant
 * @returns The address; unchanged when it is not in the media host's form
 */
export function imageUrl(item: ImageItem, options: ImageUrlOptions = {}): string {
  const { variant = "original" } = options;
  const parameters = parametersOf(item.type, variant);
  const url = URL.parse(item.url);
  const segments = url?.pathname.split("/") ?? [];
  const name = segments.at(-1) ?? "";
  const isKnown = segments.length > 2 && name !== "" && segments.at(-2)!.includes("=");
  if (url === null || !isKnown || parameters === null) return item.url;
  const isStill = item.type === "video" && variant === "preview";
  segments.splice(-2, 2, parameters, isStill ? name.replace(/\.[a-z0-9]+$/i, ".jpeg") : name);
  url.pathname = segments.join("/");
  return url.href;
}

function parametersOf(type: ImageItem["type"], variant: "original" | "preview"): string | null {
  if (type === "audio") return null;
  if (variant === "preview") return type === "video" ? "anim=false,transcode=true,width=450" : "anim=false,width=450";
  return type === "video" ? "transcode=true,quality=100" : "original=true";
}
