import { splitName } from "./split_name.ts";

/**
 * Build the path of a sidecar next to its model: the same base name with a different extension.
 *
 * @param modelPath Path of the model file, with forward slashes
 * @param ending The extension with its dot: `.civitai.info`, `.metadata.json`, `.json`, …
 * @returns The sidecar's path
 */
export function sidecarPath(modelPath: string, ending: string): string {
  const slash = modelPath.lastIndexOf("/") + 1;
  return `${modelPath.slice(0, slash)}${splitName(modelPath.slice(slash)).stem}${ending}`;
}
