import { fileURLToPath } from "node:url";
import { listShellBlocks, listShellCommands } from "../../../checks/mod.ts";

/** A word of a block that a test replaces, because the reader would: a host, a name, a folder, a duration. */
export interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

/**
 * Read a shell block of a page, to run it as it is written.
 *
 * @param page Path of the page in this repository
 * @param beginning How the block begins; no other block of the page does
 * @param replacements Words that are replaced wherever they stand in the block
 */
export async function readBlock(
  page: string,
  beginning: string,
  replacements: readonly Replacement[] = [],
): Promise<string> {
  const text = await Deno.readTextFile(fileURLToPath(new URL(`../../../${page}`, import.meta.url)));
  const found = listShellBlocks(text).filter(({ script }) => script.startsWith(beginning));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} shell blocks that begin with: ${beginning}`);
  return replacements.reduce((script, { from, to }) => {
    if (!script.includes(from)) throw new Error(`${page}: nothing to replace, the block has no: ${from}`);
    return script.replaceAll(from, to);
  }, found[0]!.script);
}

/**
 * Read the commands of such a block as their words, for a test that runs each in a place of its own.
 *
 * @param page Path of the page in this repository
 * @param beginning How the block begins; no other block of the page does
 * @param replacements Words that are replaced wherever they stand in the block
 */
export async function readCommands(
  page: string,
  beginning: string,
  replacements: readonly Replacement[] = [],
): Promise<readonly (readonly string[])[]> {
  const script = await readBlock(page, beginning, replacements);
  return listShellCommands({ line: 1, isRun: false, script }).map(({ words }) => words);
}
