import { stripVTControlCharacters } from "node:util";

/**
 * Parse the list of embedded files that `deno compile` prints without `-q`.
 *
 * @returns Files and folders as printed, without sizes; empty if there is no list
 */
export function parseEmbeddedFiles(output: string): readonly string[] {
  const [, tree = ""] = /Embedded Files\s*\n([\s\S]*?)\n\s*Files:/.exec(stripVTControlCharacters(output)) ?? [];
  return tree.split("\n").map((line) => /[├└][─┬]+ (.+?)(?: \([^()]*\))?\s*$/.exec(line)?.[1]).filter((name) =>
    name !== undefined
  );
}
