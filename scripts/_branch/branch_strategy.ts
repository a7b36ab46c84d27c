import { exists } from "@std/fs";
import { join } from "node:path";
import { readConfigText } from "../../lib/config/mod.ts";
import { BUILT_IN_STRATEGY } from "../_frame/built_in_files.ts";
import { parseStrategy, type Strategy } from "../../lib/release/mod.ts";

/** Path of the strategy in a repository. */
export const STRATEGY_FILE = "config/branches.yml";

/**
 * Read the branch strategy of a repository. One without a strategy of its own gets the built-in one.
 *
 * @param root Root of the repository
 * @returns The strategy
 * @throws {ConfigError} With the line and column of each mistake
 */
export async function readBranchStrategy(root: string): Promise<Strategy> {
  const path = join(root, STRATEGY_FILE);
  if (!await exists(path)) return parseStrategy(BUILT_IN_STRATEGY, "the built-in branch strategy");
  return parseStrategy(await readConfigText(path, { hint: `Write ${STRATEGY_FILE}` }), path);
}
