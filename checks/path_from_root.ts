import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** A path or file: URL as reports name it: from the working folder, with slashes. */
export function pathFromRoot(path: string): string {
  const plain = path.startsWith("file:") ? fileURLToPath(path) : path;
  const found = relative(Deno.cwd(), plain).replaceAll("\\", "/");
  return found === "" || found.startsWith("../scripts/") ? plain : found;
}
