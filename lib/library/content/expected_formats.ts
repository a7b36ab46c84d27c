import type { FileFormat } from "./sniff_format.ts";
import { splitName } from "../naming/split_name.ts";

const IMAGES: readonly FileFormat[] = ["png", "jpeg", "webp", "gif", "avif"];
const VIDEOS: readonly FileFormat[] = ["mp4", "webm"];
const SOUNDS: readonly FileFormat[] = ["mp3", "wav"];
/** Formats that PyTorch writes: a ZIP, a bare pickle before version 1.6, or a TAR of pickles before version 0.1.10. */
const TORCH: readonly FileFormat[] = ["zip", "pickle", "tar"];

const BY_EXTENSION: ReadonlyMap<string, readonly FileFormat[]> = new Map(Object.entries<readonly FileFormat[]>({
  safetensors: ["safetensors"],
  sft: ["safetensors"],
  gguf: ["gguf"],
  ckpt: TORCH,
  pt: TORCH,
  pt2: TORCH,
  pth: TORCH,
  pkl: TORCH,
  zip: ["zip"],
  onnx: ["onnx"],
  json: ["json"],
  yaml: ["yaml", "text"],
  yml: ["yaml", "text"],
  png: IMAGES,
  jpg: IMAGES,
  jpeg: IMAGES,
  webp: IMAGES,
  gif: IMAGES,
  avif: IMAGES,
  mp4: VIDEOS,
  webm: VIDEOS,
  mp3: SOUNDS,
  wav: SOUNDS,
}));

/**
 * Return the formats that a file may have, by the extension of its name. A picture may have the extension of any
 * picture format, since the API gives only the media type; the same holds for videos and sounds.
 *
 * @param name File name
 * @returns The formats; `null` if the extension implies none
 */
export function expectedFormats(name: string): readonly FileFormat[] | null {
  return BY_EXTENSION.get(splitName(name).ext.toLowerCase().split(".").at(-1) ?? "") ?? null;
}
