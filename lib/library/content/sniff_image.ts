/** Formats of pictures, videos and sounds that Civitai serves. */
export type MediaFormat = "png" | "jpeg" | "webp" | "gif" | "avif" | "mp4" | "webm" | "mp3" | "wav";

/** All media formats. Each is also the ending of its files. */
export const MEDIA_FORMATS: readonly MediaFormat[] = [
  "png",
  "jpeg",
  "webp",
  "gif",
  "avif",
  "mp4",
  "webm",
  "mp3",
  "wav",
];

/** The detected type of a picture, video or sound. */
export interface SniffedMedia {
  /** Media type, as in HTTP's `Content-Type`. */
  readonly mediaType: string;
  /** File extension without the dot; `jpeg` rather than `jpg`, as the earlier tool wrote it. */
  readonly ext: MediaFormat;
}

/**
 * Detect a picture, video or sound by its first bytes; its URL and its content type can both be wrong.
 *
 * @param head The first 16 bytes or more
 * @returns The detected type; `null` if it is not a known one
 */
export function sniffImage(head: Uint8Array): SniffedMedia | null {
  const text = String.fromCharCode(...head.subarray(0, 16));
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return { mediaType: "image/png", ext: "png" };
  if (text.startsWith("\xff\xd8\xff")) return { mediaType: "image/jpeg", ext: "jpeg" };
  if (/^GIF8[79]a/.test(text)) return { mediaType: "image/gif", ext: "gif" };
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return { mediaType: "image/webp", ext: "webp" };
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WAVE") return { mediaType: "audio/wav", ext: "wav" };
  if (text.slice(4, 8) === "ftyp") {
    return /^(?:avif|avis)/.test(text.slice(8, 12))
      ? { mediaType: "image/avif", ext: "avif" }
      : { mediaType: "video/mp4", ext: "mp4" };
  }
  if (text.startsWith("\x1a\x45\xdf\xa3")) return { mediaType: "video/webm", ext: "webm" };
  return /^(?:ID3|\xff[\xfb\xfa\xf3\xf2\xe3\xe2])/.test(text) ? { mediaType: "audio/mpeg", ext: "mp3" } : null;
}

/** Whether a format is a picture, video or sound. */
export function isMediaFormat(format: string): format is MediaFormat {
  return (MEDIA_FORMATS as readonly string[]).includes(format);
}
