import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Convert a path or a file: URL to the form used in reports: relative to the working directory, with forward slashes.
 */
export function pathFromRoot(path: string): string {
  const plain = path.startsWith("file:") ? fileURLToPath(path) : path;
  const found = relative(Deno.cwd(), plain).replaceAll("\\", "/");
  return found === "" || found.startsWith("../") ? plain : found;
}
