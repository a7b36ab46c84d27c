import { KitError, messageOf, shell } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { INTERRUPTED, type Operation } from "./operation.ts";
import { OperationStore } from "./operation_store.ts";
import type { Acts, UndoOutcome } from "./act.ts";
import { applyStep } from "./_apply_step.ts";
import { listResolved } from "./_is_resolved.ts";
import { OperationTree } from "./_operation_tree.ts";
import { revertSteps } from "./_revert_steps.ts";
import { Suspension } from "./_step_options.ts";
import type { CheckStep, Step } from "./step.ts";

/** What a person wants: the steps, and how to call them. */
export interface OperationPlan {
  /** The command as a person would type it, without the program's name. */
  readonly command: string;
  /** What it does, as a sentence without a period. */
  readonly summary: string;
  /** The steps, in order. */
  readonly steps: readonly Step[];
  /**
   * What a person should know however it ends, also if another process completes it, as sentences without a period.
   *
   * @default {[]}
   */
  readonly warnings?: readonly string[] | undefined;
  /** What the acts of the steps need when another process continues or undoes them, as JSON. */
  readonly about?: unknown;
}

/** Options of {@linkcode runOperation}, {@linkcode continueOperation} and {@linkcode undoOperation}. */
export interface OperationOptions {
  /**
   * Runs the command of a check in a folder.
   *
   * @param step The check
   * @param folder The temporary tree in which it runs
   * @returns `null` if it passed, otherwise why it did not
   */
  readonly runCheck?: ((step: CheckStep, folder: string) => Promise<KitError | null>) | undefined;
  /**
   * Does what the steps of type `act` say.
   *
   * @default {{}}
   */
  readonly acts?: Acts | undefined;
  /**
   * Where the operation is recorded.
   *
   * @default {the git folder of the repository}
   */
  readonly store?: OperationStore | undefined;
  /**
   * Whether everything is put back however it stops before its end, except for what people have changed meanwhile. If
   * not, one that is stopped waits to be continued.
   *
   * @default {false}
   */
  readonly putsBack?: boolean | undefined;
  /** Called after each step that was taken back or kept because the operation failed. */
  readonly onOutcome?: ((outcome: UndoOutcome) => void) | undefined;
  /** Called before each step. */
  readonly onStep?: ((step: Step, index: number) => void) | undefined;
  /** Stops git and checks; the operation is then suspended. */
  readonly signal?: AbortSignal | undefined;
  /**
   * As in `addWorktree()`.
   *
   * @default {the default of addWorktree()}
   */
  readonly registry?: string | undefined;
}

/**
 * Run an operation to its end. Each step is written to the journal before and after it, so that it can be continued or
 * undone wherever it stops. If a check, the remote or git refuses, everything is taken back; if a merge has conflicts,
 * the operation is suspended.
 *
 * @param repository The repository
 * @param plan The steps
 * @param options How to run checks, progress, signal
 * @returns The operation, with the results of its steps
 * @throws {KitError} Why it ended early; `unsafe` also if another operation has not ended
 */
export async function runOperation(
  repository: Repository,
  plan: OperationPlan,
  options: OperationOptions = {},
): Promise<Operation> {
  const { store = new OperationStore(repository) } = options;
  const lock = await store.lock(plan.command);
  try {
    return await startLocked(repository, plan, { ...options, store });
  } finally {
    lock[Symbol.dispose]();
  }
}

async function startLocked(
  repository: Repository,
  plan: OperationPlan,
  options: OperationOptions & { readonly store: OperationStore },
): Promise<Operation> {
  const { store } = options;
  const other = await store.readCurrent();
  if (other !== null) throw unendedError(other, store);
  const startedAt = new Date().toISOString();
  const operation: Operation = {
    id: `${startedAt.replaceAll(/[-:.]/g, "")}-${plan.command.replaceAll(/[^\w.]+/g, "-").slice(0, 60)}`,
    command: plan.command,
    summary: plan.summary,
    warnings: plan.warnings ?? [],
    ...plan.about === undefined ? {} : { about: plan.about },
    steps: plan.steps,
    startedAt,
    endedAt: null,
    state: "running",
    reason: null,
    at: 0,
    results: {},
    sent: [],
  };
  return await advance(repository, operation, options);
}

/**
 * Continue the operation that was suspended, interrupted or killed.
 *
 * @param repository The repository
 * @param options As in {@linkcode runOperation}
 * @returns The operation at its end
 * @throws {KitError} `usage` if there is none to continue, and the errors of {@linkcode runOperation}
 */
export async function continueOperation(repository: Repository, options: OperationOptions = {}): Promise<Operation> {
  const { store = new OperationStore(repository) } = options;
  const lock = await store.lock(`${store.command} continue`);
  try {
    return await advance(repository, await findContinuable(store), { ...options, store });
  } finally {
    lock[Symbol.dispose]();
  }
}

/**
 * Find the operation to continue.
 *
 * @throws {KitError} `usage` if there is none, `unsafe` if it is being undone
 */
export async function findContinuable(store: OperationStore): Promise<Operation> {
  const operation = await store.readCurrent();
  if (operation === null) {
    throw new KitError("usage", "Cannot continue: no operation is under way", {
      hint: `See what can be done: civitai-dl ${store.command} status`,
    });
  }
  if (operation.state !== "undoing") return operation;
  throw new KitError("unsafe", `Cannot continue "${operation.command}": it is being undone`, {
    hint: `Finish that: civitai-dl ${store.command} undo`,
  });
}

/**
 * Require that no operation waits to be continued or undone. `runOperation()` requires it too; asked before anything is
 * planned, its reason comes before those that follow from it, such as a phase that is not finished yet.
 *
 * @param repository The repository
 * @throws {KitError} `unsafe` if an operation has not ended and no process works on it
 */
export async function requireNoOperation(repository: Repository): Promise<void> {
  const store = new OperationStore(repository);
  // A process that works on one holds the lock, and whoever wants it is told of that process.
  if (await store.findRunner() !== null) return;
  const current = await store.readCurrent();
  if (current !== null) throw unendedError(current, store);
}

/** Create the error for a command that must wait for another operation. */
function unendedError(operation: Operation, { command }: OperationStore): KitError {
  const why = operation.reason === null ? INTERRUPTED : operation.reason;
  return new KitError("unsafe", `Cannot start: "${operation.command}" has not ended: ${why}`, {
    hint: `Finish it with civitai-dl ${command} continue, or take it back with civitai-dl ${command} undo`,
  });
}

interface Advancing extends OperationOptions {
  readonly store: OperationStore;
}

async function advance(repository: Repository, start: Operation, options: Advancing): Promise<Operation> {
  const { store, onStep, signal, registry, runCheck = refuseCheck, acts = {} } = options;
  const tree = new OperationTree(repository, {
    name: start.id,
    command: start.command,
    keptFor: store.currentPath,
    registry,
  });
  let operation: Operation = { ...start, state: "running", reason: null };
  const onSent = async (sent: readonly string[]): Promise<void> => {
    operation = { ...operation, sent };
    await store.write(operation);
  };
  await store.write(operation);
  /** Whether the tree is that of an earlier process, and may have what a person has resolved since. */
  let isWorkedOn = false;
  try {
    isWorkedOn = start.steps[start.at]?.type === "merge" && await tree.find() !== null;
    while (operation.at < operation.steps.length) {
      signal?.throwIfAborted();
      const step = operation.steps[operation.at]!;
      onStep?.(step, operation.at);
      const { results: before, sent } = operation;
      const applying = { repository, tree, runCheck, acts, results: before, signal };
      const result = await applyStep(step, { ...applying, sent, onSent });
      const results = result === null ? before : { ...before, [step.id]: result };
      operation = { ...operation, at: operation.at + 1, results, sent: [] };
      isWorkedOn = false;
      await store.write(operation);
    }
  } catch (error) {
    if (options.putsBack !== true && (error instanceof Suspension || signal?.aborted)) {
      if (error instanceof Suspension || isWorkedOn) tree.keep();
      else await tree.remove();
      const reason = error instanceof Suspension ? error.reason : INTERRUPTED;
      await store.write({ ...operation, state: "suspended", reason });
      throw error instanceof Suspension ? error.error : error;
    }
    await takeBack(error, { repository, operation, tree, store, options });
    throw nameResolved(error, await listResolved(repository, operation));
  }
  await tree.remove();
  const done: Operation = { ...operation, state: "done", endedAt: new Date().toISOString() };
  await store.write(done);
  return done;
}

/** Say that what a person resolved in an operation that failed is not lost. */
function nameResolved(error: unknown, resolved: readonly string[]): unknown {
  if (!(error instanceof KitError) || resolved.length === 0) return error;
  const { code, message, hint, cause = error } = error;
  const commits = resolved.map((sha) => sha.slice(0, 12));
  const kept = `The conflicts that you resolved are kept in ${commits.join(" and ")}; when they come again, ` +
    "this takes a file over: " + shell`git checkout ${commits.at(-1)!} -- FILE`;
  return new KitError(code, message, { hint: hint === undefined ? kept : `${hint}. ${kept}`, cause });
}

interface Failed {
  readonly repository: Repository;
  readonly operation: Operation;
  readonly tree: OperationTree;
  readonly store: OperationStore;
  readonly options: OperationOptions;
}

/** Undo what a failed operation has done. If that fails too, the operation stays, for `branch undo` to try again. */
async function takeBack(error: unknown, failed: Failed): Promise<void> {
  const { repository, operation, tree, store, options: { acts = {}, putsBack = false, onOutcome } } = failed;
  const reason = messageOf(error);
  await tree.remove();
  const undoing: Operation = { ...operation, state: "undoing", reason };
  await store.write(undoing);
  let verb = `take it back with civitai-dl ${store.command} undo`;
  const onRefused = async () => {
    // What was pushed stays, so that the only way is forward.
    verb = `complete it with civitai-dl ${store.command} continue`;
    await store.write({ ...operation, state: "suspended", reason });
  };
  try {
    await revertSteps(repository, undoing, { acts, conflicts: putsBack ? "keep" : "refuse", onRefused, onOutcome });
  } catch (second) {
    const why = second instanceof Error ? second.message : "";
    throw new KitError("unsafe", `${reason}; and taking it back failed: ${why}`, {
      hint: `Once the cause is mended, ${verb}`,
      cause: error,
    });
  }
  await store.write({ ...undoing, state: "undone", endedAt: new Date().toISOString() });
}

function refuseCheck(step: CheckStep): Promise<KitError> {
  return Promise.resolve(new KitError("failed", `Cannot run "${step.command.join(" ")}": nothing here runs checks`));
}
