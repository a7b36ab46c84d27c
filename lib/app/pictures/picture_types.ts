import type { MediaFormat } from "../../library/mod.ts";

/** The media type of each format; a browser shows nothing that a server calls otherwise. */
export const MEDIA_TYPES: Readonly<Record<MediaFormat, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
  mp4: "video/mp4",
  webm: "video/webm",
  mp3: "audio/mpeg",
  wav: "audio/wav",
};
