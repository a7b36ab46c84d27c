import { quoteWord } from "../../lib/base/mod.ts";

/** Quote a path in a command for the shell of the system: on Windows, double quotes do. */
export function quotePath(path: string): string {
  if (Deno.build.os !== "windows") return quoteWord(path);
  return /[^\w./:\\-]/.test(path) ? `"${path}"` : path;
}
