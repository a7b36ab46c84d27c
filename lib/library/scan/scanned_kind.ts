import { isFields } from "../_lossless_json.ts";
import { fileEndingOf } from "../content/file_endings.ts";

/**
 * The kind of a file in a library, judging by its name. `model` is everything that is not one of the other kinds, since
 * creators publish weights, archives, configurations, workflows and text files.
 */
export type ScannedKind = "model" | "sidecar" | "picture";

/** Files to skip: incomplete files, and those left by a killed process or written by a desktop environment. */
const PASSED_OVER = /\.(?:part|part\.json|repair|civitai-dl\.tmp)$|^(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i;
const SIDECAR =
  /(?:\.(?:civitai\.info|metadata\.json|cm-info\.json|description\.(?:md|txt))|^(?:description\.md|images_metadata\.json|failed\.txt))$/i;
/** Keys of the JSON that A1111 and Forge write next to a model; a published workflow has none of them. */
const A1111_KEYS = ["activation text", "preferred weight", "negative text", "sd version"];

/**
 * Classify a file by its name.
 *
 * @param name File name, without folders
 * @returns The kind; `null` for files to skip
 */
export function scannedKindOf(name: string): ScannedKind | null {
  if (PASSED_OVER.test(name)) return null;
  if (SIDECAR.test(name)) return "sidecar";
  return fileEndingOf(name)?.kind === "picture" ? "picture" : "model";
}

/** Whether JSON is the user metadata of A1111 and Forge, which has the same extension as published JSON files. */
export function isA1111Json(json: unknown): boolean {
  return isFields(json) && A1111_KEYS.some((key) => Object.hasOwn(json, key));
}

/** Whether a file name has an extension that user interfaces load as a model, in any letter case. */
export function hasModelEnding(name: string): boolean {
  return fileEndingOf(name)?.kind === "model";
}
