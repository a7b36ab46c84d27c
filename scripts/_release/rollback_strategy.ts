import { runGit } from "../../lib/git/mod.ts";
import { parseStrategy, type Strategy } from "../../lib/release/mod.ts";
import { readBranchStrategy, STRATEGY_FILE } from "../_branch/branch_strategy.ts";
import { BUILT_IN_STRATEGY } from "../_frame/built_in_files.ts";

/** The strategy that a rollback works with. */
export interface RollbackStrategy {
  readonly strategy: Strategy;
  /** Why it is not the one of the working folder; empty if it is. */
  readonly notes: readonly string[];
}

/**
 * Read the branch strategy for a rollback, which must not wait until somebody has mended the file: in the middle of a
 * merge, it may have conflict markers. If it cannot be read, the one of the last commit is used, otherwise the built-in
 * one.
 *
 * @param root Root of the repository
 * @returns The strategy
 */
export async function readRollbackStrategy(root: string): Promise<RollbackStrategy> {
  try {
    return { strategy: await readBranchStrategy(root), notes: [] };
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
    const committed = await readCommitted(root);
    const strategy = committed ?? parseStrategy(BUILT_IN_STRATEGY, "the built-in branch strategy");
    const used = committed === null ? "the built-in strategy is used" : "the one of the last commit is used";
    return { strategy, notes: [`note: ${why}; ${used}`] };
  }
}

/** The strategy of the commit that is checked out; `null` if it has none that can be read. */
async function readCommitted(root: string): Promise<Strategy | null> {
  const file = `HEAD:${STRATEGY_FILE}`;
  const { code, stdout } = await runGit(["cat-file", "blob", file], { cwd: root });
  if (code !== 0) return null;
  try {
    return parseStrategy(stdout, file);
  } catch {
    // It is committed with a mistake.
    return null;
  }
}
