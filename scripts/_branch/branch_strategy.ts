import { exists } from "@std/fs";
import { join } from "node:path";
import { readTextIfExists } from "../../lib/base/mod.ts";
import { readConfigText } from "../../lib/config/mod.ts";
import { readTargetFile, type TargetFile } from "../../lib/git/mod.ts";
import BUILT_IN_STRATEGY from "../../config/branches.yml" with { type: "text" };
import { parseStrategy, type Strategy } from "../../lib/release/mod.ts";

/** Path of the strategy in a repository. */
const STRATEGY_FILE = "config/branches.yml";

/**
 * Read the branch strategy that is in force in a repository: that of its stable branch. What is checked out may have
 * weakened the gates that it has to pass. Before the stable branch has a strategy, it is the one that is checked out,
 * and without that the built-in one.
 *
 * @param root Root of the repository
 * @param onOther Called with a note if another one is checked out
 * @returns The strategy
 * @throws {ConfigError} With the line and column of each mistake
 */
export async function readBranchStrategy(root: string, onOther: (note: string) => void = () => {}): Promise<Strategy> {
  const builtIn = parseStrategy(BUILT_IN_STRATEGY, "the built-in branch strategy");
  const text = await readTextIfExists(join(root, STRATEGY_FILE));
  // The stable branch or the remote may have another name, which only the file here says.
  const found = await readMerged(root, builtIn) ??
    (text === null ? null : await readMerged(root, parseStrategy(text, join(root, STRATEGY_FILE))));
  if (found === null) return await readOwnStrategy(root) ?? builtIn;
  const place = `${STRATEGY_FILE} of ${found.ref} (${found.commit.slice(0, 9)})`;
  if (text !== found.text) onOther(`note: ${place} is in force, not the one that is checked out`);
  return parseStrategy(found.text, place);
}

/** Read the strategy that is checked out, in force or not; `null` if there is none. */
async function readOwnStrategy(root: string): Promise<Strategy | null> {
  const path = join(root, STRATEGY_FILE);
  if (!await exists(path)) return null;
  return parseStrategy(await readConfigText(path, { hint: `Write ${STRATEGY_FILE}` }), path);
}

async function readMerged(
  root: string,
  { main, remote }: Strategy,
): Promise<TargetFile & { readonly text: string } | null> {
  const file = await readTargetFile(STRATEGY_FILE, { cwd: root, branch: main, remote });
  return file === null || file.text === null ? null : { ...file, text: file.text };
}
