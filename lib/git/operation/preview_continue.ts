import type { Repository } from "../open_repository.ts";
import { readLeftMerge } from "./_apply_merge.ts";
import { OperationTree } from "./_operation_tree.ts";
import { Suspension } from "./_step_options.ts";
import type { Operation } from "./operation.ts";
import { OperationStore } from "./operation_store.ts";
import { renderScript } from "./render_script.ts";
import { findContinuable, type OperationOptions } from "./run_operation.ts";

/** What continuing would do. */
export interface ContinuePreview {
  /** The operation. */
  readonly operation: Operation;
  /** The git commands, as a shell script. */
  readonly script: string;
}

/**
 * Write the commands with which `continueOperation()` would go on; change nothing.
 *
 * @param repository The repository
 * @param options Where the operation is recorded
 * @returns The steps that remain; a killed process may have made a part of the first
 * @throws {KitError} `usage` if there is none to continue, `unsafe` if it is being undone or conflicts are left
 */
export async function previewContinue(
  repository: Repository,
  options: Pick<OperationOptions, "registry" | "store"> = {},
): Promise<ContinuePreview> {
  const { registry, store = new OperationStore(repository) } = options;
  // No other process changes an operation while it is read.
  const lock = await store.lock(`${store.command} continue --dry-run`);
  try {
    const operation = await findContinuable(store);
    const { id: name, command } = operation;
    const tree = new OperationTree(repository, { name, command, keptFor: store.currentPath, registry });
    const found = await tree.find();
    tree.keep();
    return { operation, script: await renderRest(repository, operation, found?.path ?? null) };
  } finally {
    lock[Symbol.dispose]();
  }
}

/** Write the steps that remain after what a person has resolved in the tree. */
async function renderRest(
  repository: Repository,
  { steps, at, results }: Operation,
  tree: string | null,
): Promise<string> {
  const rest = steps.slice(at);
  const step = rest[0];
  if (step?.type !== "merge" || tree === null) return renderScript({ steps: rest }, { results });
  try {
    const merge = await readLeftMerge(step, { repository, results }, tree);
    switch (merge.state) {
      case "none":
        return renderScript({ steps: rest }, { results });
      case "resolved":
        return renderScript({ steps: rest }, { results, resolved: { step, tree } });
      case "committed":
        return renderScript({ steps: rest.slice(1) }, { results: { ...results, [step.id]: merge.sha } });
    }
  } catch (error) {
    throw error instanceof Suspension ? error.error : error;
  }
}
