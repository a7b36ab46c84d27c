import type { MediaFormat } from "./sniff_image.ts";
import { checkBoxes } from "./check_boxes.ts";
import { checkEbml } from "./check_ebml.ts";
import { checkGif } from "./check_gif.ts";
import { checkJpeg } from "./check_jpeg.ts";
import { checkMp3 } from "./check_mp3.ts";
import { checkPng } from "./check_png.ts";
import { checkRiff } from "./check_riff.ts";
import { MediaReader, type ReadBytes } from "./media_reader.ts";

/** Bytes that begin like a picture, video or sound: those of an open file, or in memory. */
export interface OpenMedia {
  readonly read: ReadBytes;
  readonly sizeBytes: number;
  readonly format: MediaFormat;
}

/**
 * Check a picture, video or sound up to the end of its structure, in one pass with 64 KiB of memory. Data after the end
 * is ignored.
 *
 * @returns Why the file is incomplete; `null` if it is complete
 */
export async function checkMedia({ read, sizeBytes, format }: OpenMedia): Promise<string | null> {
  const reader = new MediaReader(read, sizeBytes);
  switch (format) {
    case "jpeg":
      return await checkJpeg(reader);
    case "png":
      return await checkPng(reader);
    case "gif":
      return await checkGif(reader);
    case "webp":
    case "wav":
      return await checkRiff(reader, format);
    case "mp4":
    case "avif":
      return await checkBoxes(reader);
    case "webm":
      return await checkEbml(reader);
    case "mp3":
      return await checkMp3(reader);
  }
}
