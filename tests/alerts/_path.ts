import { fileURLToPath } from "node:url";

/** A path beside this file. */
export function fromFileUrl(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
