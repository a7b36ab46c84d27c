import { readRefs } from "../refs/read_refs.ts";
import { readRemoteRefs, requireRemote, trackedRefs } from "../refs/remote_refs.ts";
import type { Repository } from "../open_repository.ts";
import { readLeftMerge } from "./_apply_merge.ts";
import { OperationTree } from "./_operation_tree.ts";
import { previewReversals } from "./_revert_steps.ts";
import type { UndoOutcome } from "./act.ts";
import { Suspension } from "./_step_context.ts";
import type { Operation } from "./operation.ts";
import { OperationStore } from "./operation_store.ts";
import { renderCalls, renderScript, type ScriptStart } from "./render_script.ts";
import { findContinuable } from "./run_operation.ts";
import { findUndoable, type UndoOptions } from "./undo_operation.ts";

/** What continuing or undoing would do. */
export interface OperationPreview {
  /** The operation. */
  readonly operation: Operation;
  /** The git commands, as a shell script. */
  readonly script: string;
  /** Path of the temporary tree that the operation has now; `null` if it has none. */
  readonly tree: string | null;
  /** What would become of each step that is taken back. */
  readonly outcomes: readonly UndoOutcome[];
}

/** Options of {@linkcode previewContinue} and {@linkcode previewUndo}. */
export interface PreviewOptions extends Pick<UndoOptions, "registry" | "store" | "acts" | "conflicts"> {
  /**
   * Whether to take the remote's refs from the last fetch instead of asking it.
   *
   * @default {false}
   */
  readonly isOffline?: boolean | undefined;
}

/**
 * Write the commands with which `continueOperation()` would go on, and change nothing.
 *
 * @param repository The repository
 * @param options Registry
 * @returns The remaining steps; the one under way may have been applied in part
 * @throws {KitError} `usage` if there is none to continue, `unsafe` if it is being undone or conflicts are left
 */
export function previewContinue(repository: Repository, options: PreviewOptions = {}): Promise<OperationPreview> {
  const { store = new OperationStore(repository) } = options;
  return lookAt(store, "continue --dry-run", async () => {
    const operation = await findContinuable(store);
    const tree = await findTree(repository, operation, { ...options, store });
    const { steps, start } = await readStart(repository, operation, tree);
    return { operation, script: renderScript({ steps }, start), tree, outcomes: [] };
  });
}

/**
 * Write the commands with which `undoOperation()` would take an operation back, after the same checks; change nothing.
 *
 * @param repository The repository
 * @param options Registry, and whether to ask the remote
 * @returns The commands
 * @throws {KitError} As `undoOperation()`, except that it is not known yet whether a rule of the remote refuses
 */
export function previewUndo(repository: Repository, options: PreviewOptions = {}): Promise<OperationPreview> {
  const { isOffline = false, store = new OperationStore(repository), acts = {}, conflicts = "refuse" } = options;
  const readTracked = async (_: Repository, remote: string) => {
    await requireRemote(repository, remote);
    return trackedRefs(await readRefs(repository), remote);
  };
  return lookAt(store, "undo --dry-run", async () => {
    const operation = await findUndoable(store);
    const readRemote = isOffline ? readTracked : readRemoteRefs;
    const { calls, outcomes } = await previewReversals(repository, operation, { acts, conflicts, readRemote });
    const tree = await findTree(repository, operation, { ...options, store });
    return { operation, script: renderCalls(calls), tree, outcomes };
  });
}

/** Keep other processes from changing an operation while it is read. */
async function lookAt<T>(store: OperationStore, words: string, read: () => Promise<T>): Promise<T> {
  const lock = await store.lock(`${store.command} ${words}`);
  try {
    return await read();
  } finally {
    lock[Symbol.dispose]();
  }
}

async function findTree(
  repository: Repository,
  { id, command }: Operation,
  { registry, store }: PreviewOptions & { readonly store: OperationStore },
): Promise<string | null> {
  const tree = new OperationTree(repository, { name: id, command, keptFor: store.currentPath, registry });
  const found = await tree.find();
  tree.keep();
  return found?.path ?? null;
}

/** Read which steps remain, and what a person has resolved of the first. */
async function readStart(
  repository: Repository,
  { steps, at, results }: Operation,
  tree: string | null,
): Promise<{ readonly steps: Operation["steps"]; readonly start: ScriptStart }> {
  const rest = steps.slice(at);
  const step = rest[0];
  const nothing = { steps: rest, start: { results, resolved: null } };
  if (step?.type !== "merge" || tree === null) return nothing;
  try {
    const merge = await readLeftMerge(step, { repository, results }, tree);
    if (merge.state === "none") return nothing;
    if (merge.state === "resolved") return { steps: rest, start: { results, resolved: { step, tree } } };
    return { steps: rest.slice(1), start: { results: { ...results, [step.id]: merge.sha }, resolved: null } };
  } catch (error) {
    throw error instanceof Suspension ? error.error : error;
  }
}
