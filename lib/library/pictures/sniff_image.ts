/** Formats of pictures, videos and sounds that Civitai serves. */
export type MediaFormat = "png" | "jpeg" | "webp" | "gif" | "avif" | "mp4" | "webm" | "mp3" | "wav";

/** All media formats. Each is also the ending of its files: `jpeg` rather than `jpg`, as the earlier tool wrote it. */
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

/**
 * Detect a picture, video or sound by its first bytes; its URL and its content type can both be wrong.
 *
 * @param head The first 16 bytes or more
 * @returns The detected format; `null` if it is not a known one
 */
export function sniffImage(head: Uint8Array): MediaFormat | null {
  const text = String.fromCharCode(...head.subarray(0, 16));
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WAVE") return "wav";
  if (text.slice(4, 8) === "ftyp") {
    return /^(?:avif|avis)/.test(text.slice(8, 12)) ? "avif" : "mp4";
  }
  if (text.startsWith("\x1a\x45\xdf\xa3")) return "webm";
  return /^(?:ID3|\xff[\xfb\xfa\xf3\xf2\xe3\xe2])/.test(text) ? "mp3" : null;
}

/** Whether a format is a picture, video or sound. */
export function isMediaFormat(format: string): format is MediaFormat {
  return (MEDIA_FORMATS as readonly string[]).includes(format);
}
