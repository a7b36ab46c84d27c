import { safeName } from "./safe_name.ts";
import { sidecarPath } from "./sidecar_path.ts";

/**
 * Build the path of a preview next to its model: `<stem>.preview.jpeg`, then `<stem>.preview.2.jpeg`, …
 *
 * @param modelPath Path of the model file
 * @param number Position of the preview, from 1
 * @param ext File extension without the dot
 * @returns The preview's path
 */
export function previewPath(modelPath: string, number: number, ext: string): string {
  return sidecarPath(modelPath, `.preview${number > 1 ? `.${number}` : ""}.${safeName(ext)}`);
}
