import { readRefs } from "../refs/read_refs.ts";
import { readRemoteRefs, requireRemote, trackedRefs } from "../refs/remote_refs.ts";
import type { Repository } from "../open_repository.ts";
import { previewReversals } from "./_revert_steps.ts";
import type { UndoOutcome } from "./act.ts";
import type { Operation } from "./operation.ts";
import { OperationStore } from "./operation_store.ts";
import { renderCalls } from "./render_script.ts";
import { findUndoable, type UndoOptions } from "./undo_operation.ts";

/** What undoing would do. */
export interface UndoPreview {
  /** The operation. */
  readonly operation: Operation;
  /** The git commands, as a shell script. */
  readonly script: string;
  /** What would become of each step that is taken back. */
  readonly outcomes: readonly UndoOutcome[];
}

/** Options of {@linkcode previewUndo}. */
export interface PreviewUndoOptions extends Pick<UndoOptions, "store" | "acts" | "conflicts"> {
  /**
   * Whether to take the remote's refs from the last fetch instead of asking it.
   *
   * @default {false}
   */
  readonly isOffline?: boolean | undefined;
}

/**
 * Write the commands with which `undoOperation()` would take an operation back, after the same checks; change nothing.
 *
 * @param repository The repository
 * @param options Whether to ask the remote, and what to do about changes since
 * @returns The commands
 * @throws {KitError} As `undoOperation()`, except that it is not known yet whether a rule of the remote refuses
 */
export async function previewUndo(repository: Repository, options: PreviewUndoOptions = {}): Promise<UndoPreview> {
  const { isOffline = false, store = new OperationStore(repository), acts = {}, conflicts = "refuse" } = options;
  const readTracked = async (_: Repository, remote: string) => {
    await requireRemote(repository, remote);
    return trackedRefs(await readRefs(repository), remote);
  };
  // No other process changes an operation while it is read.
  const lock = await store.lock(`${store.command} undo --dry-run`);
  try {
    const operation = await findUndoable(store);
    const readRemote = isOffline ? readTracked : readRemoteRefs;
    const { calls, outcomes } = await previewReversals(repository, operation, { acts, conflicts, readRemote });
    return { operation, script: renderCalls(calls), outcomes };
  } finally {
    lock[Symbol.dispose]();
  }
}
