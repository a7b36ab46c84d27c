import { shell } from "../../base/mod.ts";
import type { Operation } from "./operation.ts";

/**
 * Say how to take the merge of an operation back by a commit, where branches and tags must stay.
 *
 * @param operation A complete operation
 * @returns What to do, as the end of a sentence; `null` if it merged nothing
 */
export function adviseRevert({ steps, results }: Pick<Operation, "steps" | "results">): string | null {
  // The first merge brought the work; those after it carry it on to other branches.
  const merge = steps.find(({ id, type }) => type === "merge" && id in results);
  if (merge === undefined) return null;
  return "begin a branch (civitai-dl branch start-hotfix NAME --switch; start feature/NAME if main lacks the merge), " +
    shell`run git revert -m 1 ${results[merge.id]!.slice(0, 12)}, and finish it`;
}
