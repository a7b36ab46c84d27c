import { worktreePath } from "../worktrees/add_worktree.ts";
import type { Repository } from "../open_repository.ts";
import { isAboutConflicts, quoteSubject, readLeftMerge } from "./_apply_merge.ts";
import type { Operation } from "./operation.ts";
import type { OperationOptions } from "./run_operation.ts";
import { Suspension } from "./_step_context.ts";

/**
 * Say why an operation waits as things are now: a person may have resolved in the meantime what it stopped at. Nothing is
 * changed or taken over.
 *
 * @param repository The repository
 * @param operation An operation that no process works on
 * @param options Registry
 * @returns The operation, with another reason if the old one holds no longer
 */
export async function refreshReason(
  repository: Repository,
  operation: Operation,
  { registry }: Pick<OperationOptions, "registry"> = {},
): Promise<Operation> {
  const { state, steps, at, results, reason } = operation;
  const step = steps[at];
  if (state !== "suspended" || step?.type !== "merge" || reason === null || !isAboutConflicts(step, reason)) {
    return operation;
  }
  const tree = await worktreePath(repository, operation.id, { registry });
  if (tree === null) return operation;
  const say = (now: string): Operation => ({ ...operation, reason: now });
  try {
    const { state: left } = await readLeftMerge(step, { repository, results }, tree);
    if (left === "none") return operation;
    return say(`${quoteSubject(step)} is resolved in ${tree}; civitai-dl branch continue goes on with it`);
  } catch (error) {
    if (error instanceof Suspension) return say(error.reason);
    throw error;
  }
}
