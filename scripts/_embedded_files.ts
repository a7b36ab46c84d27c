import { stripVTControlCharacters } from "node:util";

/**
 * Read what an executable has inside from what `deno compile` prints without `-q`.
 *
 * @param said Its output, standard error included
 * @returns The files and folders of the tree, as they are written there, without sizes; empty if there is no tree
 */
export function parseEmbeddedFiles(said: string): readonly string[] {
  const [, tree = ""] = /Embedded Files\s*\n([\s\S]*?)\n\s*Files:/.exec(stripVTControlCharacters(said)) ?? [];
  return tree.split("\n").map((line) => /[├└][─┬]+ (.+?)(?: \([^()]*\))?\s*$/.exec(line)?.[1]).filter((name) =>
    name !== undefined
  );
}
