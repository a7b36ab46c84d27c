import { splitName } from "./split_name.ts";

/**
 * What a file of a library looks like. A `model` is anything that is neither of the others: creators publish weights,
 * archives, configurations, workflows and texts.
 */
export type ScannedKind = "model" | "sidecar" | "picture";

/** Not whole yet, left by a kill, or written by a desktop. */
const PASSED_OVER = /\.(?:part|part\.json|repair|civitai-dl\.tmp)$|^(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i;
const SIDECAR =
  /(?:\.(?:civitai\.info|metadata\.json|cm-info\.json|description\.(?:md|txt))|^(?:description\.md|images_metadata\.json|failed\.txt))$/i;
const PICTURE = /\.(?:jpe?g|png|webp|gif|avif|mp4|webm|mp3|wav)$/i;
/** Written by user interfaces beside a model, with its base name. */
const SHARED_ENDING = /\.(?:json|txt)$/i;

/**
 * Tell what a file looks like by its name and its neighbours.
 *
 * @param name The file
 * @param names All files of its folder, in lower case
 * @returns `null` for what is to be passed over
 */
export function scannedKindOf(name: string, names: ReadonlySet<string>): ScannedKind | null {
  if (PASSED_OVER.test(name)) return null;
  if (SIDECAR.test(name)) return "sidecar";
  if (PICTURE.test(name)) return "picture";
  return SHARED_ENDING.test(name) && hasModelBeside(name, names) ? "sidecar" : "model";
}

function hasModelBeside(name: string, names: ReadonlySet<string>): boolean {
  const stem = splitName(name).stem.toLowerCase();
  return MODEL_ENDINGS.some((ending) => names.has(`${stem}${ending}`));
}

/** What user interfaces load; few enough to ask for one by one, where a folder may have thousands of files. */
const MODEL_ENDINGS = [
  ".safetensors",
  ".sft",
  ".gguf",
  ".ckpt",
  ".pt",
  ".pt2",
  ".pth",
  ".bin",
  ".pkl",
  ".onnx",
  ".zip",
];

/** Whether a name is one of a model file, whatever its letter case. */
export function hasModelEnding(name: string): boolean {
  const ext = splitName(name).ext.toLowerCase();
  return MODEL_ENDINGS.includes(ext) || ext === ".yaml" || ext === ".yml";
}
