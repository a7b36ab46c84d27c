import { messageOf } from "../../lib/base/mod.ts";
import { parseStrategy, type Strategy } from "../../lib/release/mod.ts";
import { readBranchStrategy } from "../_branch/branch_strategy.ts";
import BUILT_IN_STRATEGY from "../../config/branches.yml" with { type: "text" };

/** The strategy that a rollback works with. */
export interface RollbackStrategy {
  readonly strategy: Strategy;
  /** Why it is not the one that is in force; empty if it is. */
  readonly notes: readonly string[];
}

/**
 * Read the branch strategy for a rollback, which must not wait until somebody has mended the file: if it cannot be read,
 * the built-in one is used.
 *
 * @param root Root of the repository
 * @returns The strategy
 */
export async function readRollbackStrategy(root: string): Promise<RollbackStrategy> {
  try {
    return { strategy: await readBranchStrategy(root), notes: [] };
  } catch (error) {
    const [why] = messageOf(error).split("\n");
    const strategy = parseStrategy(BUILT_IN_STRATEGY, "the built-in branch strategy");
    return { strategy, notes: [`note: ${why}; the built-in strategy is used`] };
  }
}
