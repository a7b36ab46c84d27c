import { splitName } from "../naming/split_name.ts";
import type { FileFormat } from "./sniff_format.ts";

/** What the ending of a name says about a file. */
export interface FileEnding {
  /** What the file is: a model that user interfaces load, a picture, video or sound, or something else. */
  readonly kind: "model" | "picture" | "other";
  /** Formats that the file may have; `null` if any. */
  readonly formats: readonly FileFormat[] | null;
}

function model(formats: FileEnding["formats"]): FileEnding {
  return { kind: "model", formats };
}

function picture(formats: readonly FileFormat[]): FileEnding {
  return { kind: "picture", formats };
}

/** Formats that PyTorch writes: a ZIP, a bare pickle before version 1.6, or a TAR of pickles before version 0.1.10. */
const TORCH: readonly FileFormat[] = ["zip", "pickle", "tar"];
const IMAGES: readonly FileFormat[] = ["png", "jpeg", "webp", "gif", "avif"];
const VIDEOS: readonly FileFormat[] = ["mp4", "webm"];
const SOUNDS: readonly FileFormat[] = ["mp3", "wav"];

const ENDINGS: ReadonlyMap<string, FileEnding> = new Map(Object.entries<FileEnding>({
  safetensors: model(["safetensors"]),
  sft: model(["safetensors"]),
  gguf: model(["gguf"]),
  ckpt: model(TORCH),
  pt: model(TORCH),
  pt2: model(TORCH),
  pth: model(TORCH),
  pkl: model(TORCH),
  bin: model(null),
  onnx: model(["onnx"]),
  zip: model(["zip"]),
  // A configuration is loaded together with its checkpoint.
  yaml: model(["yaml", "text"]),
  yml: model(["yaml", "text"]),
  json: { kind: "other", formats: ["json"] },
  jpg: picture(IMAGES),
  ...Object.fromEntries(
    [IMAGES, VIDEOS, SOUNDS].flatMap((formats) => formats.map((format) => [format, picture(formats)])),
  ),
}));

/**
 * Return what the ending of a name says, in any letter case.
 *
 * @param name File name
 * @returns The facts; `null` for an unknown ending
 */
export function fileEndingOf(name: string): FileEnding | null {
  // Splitting a name takes far longer than this look at what follows its last dot, which tells most names.
  const ending = ENDINGS.get(name.slice(name.lastIndexOf(".") + 1).toLowerCase());
  if (ending === undefined) return null;
  return ENDINGS.get(splitName(name).ext.toLowerCase().split(".").at(-1) ?? "") ?? null;
}
