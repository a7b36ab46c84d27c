import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { removeFiles } from "./_remove_tree.ts";

/** An empty temporary folder; disposing it removes it. */
export interface TreeScratch extends AsyncDisposable {
  /** Absolute path of the folder. */
  readonly path: string;
}

/**
 * Make an empty temporary folder for what runs in a temporary working tree. It goes with the tree if this process is
 * killed.
 *
 * @param tree Path of the tree
 * @returns The folder; dispose it to remove it, with what a program that was killed has left there
 */
export async function openTreeScratch(tree: string): Promise<TreeScratch> {
  const path = scratchOf(tree);
  await removeTreeScratch(tree);
  await Deno.mkdir(path, { mode: 0o700 });
  return { path, [Symbol.asyncDispose]: () => removeTreeScratch(tree) };
}

/** Remove the temporary folder of what ran in a tree, if there is one. */
export function removeTreeScratch(tree: string): Promise<void> {
  return removeFiles(scratchOf(tree));
}

/**
 * Return the temporary folder of what runs in a tree. Its path is short, because that of a socket may have a hundred
 * characters, and follows from that of the tree, so that whoever removes the tree finds it.
 *
 * @param tree Path of the tree
 */
function scratchOf(tree: string): string {
  const folder = dirname(tree);
  const key = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return join(dirname(dirname(folder)), `gate-${key}`);
}
