import { KitError } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { OperationTree } from "./_operation_tree.ts";
import { revertSteps } from "./_revert_steps.ts";
import type { UndoOutcome } from "./act.ts";
import { INTERRUPTED, type Operation } from "./operation.ts";
import { OperationStore } from "./operation_store.ts";
import type { OperationOptions } from "./run_operation.ts";

/** Options of {@linkcode undoOperation}. */
export interface UndoOptions extends Pick<OperationOptions, "registry" | "store" | "acts"> {
  /**
   * What to do about what people have changed since: `refuse` to take anything back, or `keep` that and take the rest
   * back, because something else waits for it.
   *
   * @default {"refuse"}
   */
  readonly conflicts?: "refuse" | "keep" | undefined;
  /** Called after each step that was taken back or kept. */
  readonly onOutcome?: ((outcome: UndoOutcome) => void) | undefined;
}

/**
 * Take back the operation under way, or else the last one that did not fail: branches and tags, here and on the remote,
 * return to where they were. A ref that has moved on since is never changed; then nothing is.
 *
 * @param repository The repository
 * @param options Where it is recorded, its acts, and what to do about changes since
 * @returns The operation that was undone
 * @throws {KitError} `usage` if there is nothing to undo, `unsafe` if a ref has moved on since, the remote refuses
 * or the file of the last operation is damaged, which changes nothing, `network` if a push has to be taken back and the
 * remote cannot be reached
 */
export async function undoOperation(
  repository: Repository,
  options: UndoOptions = {},
): Promise<Operation> {
  const { store = new OperationStore(repository) } = options;
  const lock = await store.lock(`${store.command} undo`);
  try {
    return await undoLocked(repository, { ...options, store });
  } finally {
    lock[Symbol.dispose]();
  }
}

async function undoLocked(
  repository: Repository,
  options: UndoOptions & { readonly store: OperationStore },
): Promise<Operation> {
  const { store, registry, acts = {}, conflicts = "refuse", onOutcome } = options;
  const last = await findUndoable(store);
  // What was never completed keeps its reason, by which it is told from a step that a person takes back.
  const reason = isStepBack(last) ? null : last.reason ?? INTERRUPTED;
  const undoing: Operation = { ...last, state: "undoing", reason };
  // A completed operation is put under way again only after its steps were checked, so that a refusal changes nothing.
  await revertSteps(repository, undoing, {
    acts,
    conflicts,
    onOutcome,
    onChecked: () => store.write(undoing),
    onRefused: () => store.write(last),
  });
  const command = `${store.command} undo`;
  await new OperationTree(repository, { name: last.id, command, keptFor: store.currentPath, registry }).remove();
  const undone: Operation = { ...undoing, state: "undone", endedAt: new Date().toISOString() };
  await store.write(undone);
  return undone;
}

/**
 * Whether taking an operation back is the one step that undo goes back, or was. An operation that failed, or that was
 * stopped before it pushed anything, has changed nothing, so that undo may go on to the one before it.
 */
export function isStepBack({ state, reason, steps, at, sent }: Operation): boolean {
  // One that only looked at something has changed nothing either.
  const isKept = (step: Operation["steps"][number]) => step.type === "act" && step.undo !== "always";
  if (steps.length > 0 && steps.every(isKept)) return false;
  if (state === "done") return true;
  if (state === "undone" || state === "undoing") return reason === null;
  return sent.length > 0 || steps.slice(0, at).some(({ type }) => type === "push");
}

/**
 * Find the last operation that is a step for undo, as {@linkcode isStepBack} says.
 *
 * @param ended Operations that have ended, the latest first
 * @returns The operation; `null` if there is none
 */
export function findLastEffective(ended: readonly Operation[]): Operation | null {
  return ended.find(isStepBack) ?? null;
}

/**
 * Find the operation that an undo takes back.
 *
 * @throws {KitError} `usage` if there is none, `unsafe` if the file of the last one is damaged
 */
export async function findUndoable(store: OperationStore): Promise<Operation> {
  const current = await store.readCurrent();
  if (current === null) await refuseAfterDamaged(store);
  const ended = await store.readEnded();
  const last = current ?? findLastEffective(ended);
  if (last !== null && (current !== null || last.state !== "undone")) return last;
  const failed = ended.length === 0
    ? "no operation was recorded here"
    : `"${ended[0]!.command}" was not completed and is taken back, and there is none before it`;
  const why = last === null ? failed : `"${last.command}" is undone already`;
  throw new KitError("usage", `Cannot undo: ${why}`, {
    hint: last === null
      ? `See what can be done: civitai-dl ${store.command} status`
      : `Only the last operation can be taken back; see where things stand: civitai-dl ${store.command} status`,
  });
}

/** If the file of a later operation is damaged, the last one that can be read is not the one that a person means. */
async function refuseAfterDamaged(store: OperationStore): Promise<void> {
  const damaged = await store.findDamaged();
  if (damaged === null) return;
  const before = findLastEffective(await store.readEnded());
  const then = before?.state === "done" ? `; ${store.command} undo then takes back "${before.command}"` : "";
  throw new KitError("unsafe", `Cannot undo: the file of the last operation is damaged: ${damaged}`, {
    hint: `See how things are: civitai-dl ${store.command} status. ` +
      `When they are as they should be, delete that file${then}`,
  });
}
