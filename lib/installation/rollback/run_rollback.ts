import {
  continueOperation,
  findLastEffective,
  openRepository,
  type Operation,
  type OperationOptions,
  previewUndo,
  type Repository,
  runOperation,
  type Step,
  undoOperation,
  type UndoOptions,
  type UndoOutcome,
} from "../../git/mod.ts";
import { KitError } from "../../base/mod.ts";
import { programOf } from "../install/installed_version.ts";
import type { PreparedRollback } from "./prepare_rollback.ts";
import { type RollbackActOptions, rollbackActs } from "./rollback_acts.ts";
import { openRollbackStore, readRollback, type RecordedRollback, type RollbackFacts } from "./rollback_record.ts";
import type { VersionCheck } from "./verify_version.ts";

/** Options of {@linkcode runRollback} and {@linkcode continueRollback}. */
export interface RunRollbackOptions extends Omit<RollbackActOptions, "patch" | "onVerified"> {
  /** Called before each step. */
  readonly onStep: (step: Step) => void;
  /** Called with what stays if it fails. */
  readonly onKept: (text: string) => void;
}

/** A finished rollback. */
export interface FinishedRollback {
  /** Where the version is: the program, or the working tree. */
  readonly place: string;
  /** What was verified. */
  readonly checks: readonly VersionCheck[];
}

/**
 * Go back to an earlier version: stop a run that holds the library if asked to, change what the mode changes, and verify
 * the result. If anything fails, or the signal aborts, the state before comes back; after a kill, the record on disk says
 * how to do that.
 *
 * @param prepared What `prepareRollback()` returned
 * @param options How to verify, and signal
 * @returns Where the version is, and what was verified
 * @throws {KitError} The reason; everything has been put back
 */
export function runRollback(prepared: PreparedRollback, options: RunRollbackOptions): Promise<FinishedRollback> {
  const { facts, patch, plan } = prepared;
  return perform(facts, { ...options, patch }, (repository, engine) => runOperation(repository, plan, engine));
}

/**
 * Finish a rollback that was interrupted.
 *
 * @param rollback The record of the one under way
 * @param options As in {@linkcode runRollback}
 * @returns As {@linkcode runRollback}
 * @throws {KitError} `usage` if there is none to continue, `unsafe` if it is being taken back, or the reason why it
 * failed; everything has been put back then
 */
export function continueRollback(
  { facts }: RecordedRollback,
  options: RunRollbackOptions,
): Promise<FinishedRollback> {
  return perform(facts, options, continueOperation);
}

async function perform(
  facts: RollbackFacts,
  options: RunRollbackOptions & Pick<RollbackActOptions, "patch">,
  run: (repository: Repository, options: OperationOptions) => Promise<Operation>,
): Promise<FinishedRollback> {
  const { onStep, onKept, signal } = options;
  let checks: readonly VersionCheck[] = [];
  await run(await repositoryOf(facts), {
    store: await openRollbackStore(facts.folder),
    acts: rollbackActs(facts, { ...options, onVerified: (found) => checks = found }),
    putsBack: true,
    signal,
    onStep,
    onOutcome: ({ text, isKept }) => isKept && onKept(text),
  });
  return { place: placeOf(facts), checks };
}

/** Where the version is that a rollback leads to: the program, or the working tree. */
export function placeOf(facts: RollbackFacts): string {
  return facts.mode === "install" ? programOf(facts.folder, facts.name) : facts.tree;
}

/** The repository of a rollback; one of an installed version may have none, and changes none. */
async function repositoryOf({ repository, folder }: RollbackFacts): Promise<Repository> {
  return repository === null ? { root: folder, commonFolder: folder } : await openRepository(repository);
}

/** A rollback that was or would be taken back. */
export interface UndoneRollback {
  /** What is as before again, and what stays, and why. */
  readonly outcomes: readonly UndoOutcome[];
  /** The finished rollback before it, which is the last one again; `null` if there is none. */
  readonly earlier: RecordedRollback | null;
}

/** Options of {@linkcode undoRollback}. */
export interface UndoRollbackOptions extends Required<Pick<UndoOptions, "conflicts">> {
  /** Whether to say only what would be done. */
  readonly isDryRun: boolean;
}

/**
 * Take a rollback back: the one that was interrupted, or else the last one that is done, of which the version that it
 * built stays.
 *
 * @param rollback The record, as from `findUndoableRollback()`
 * @param options What to do about what people have changed since
 * @returns What was put back, and what stays
 * @throws {KitError} `unsafe` before anything is changed if somebody's work would be lost, and conflicts are refused
 */
export async function undoRollback(
  { operation, facts }: RecordedRollback,
  { conflicts, isDryRun }: UndoRollbackOptions,
): Promise<UndoneRollback> {
  const store = await openRollbackStore(facts.folder);
  const outcomes: UndoOutcome[] = [];
  const repository = await tryRepository(facts);
  if (repository === null) {
    outcomes.push({
      text: `nothing is taken back: there is no repository at ${facts.repository} any more`,
      isKept: true,
    });
    if (!isDryRun) await store.write({ ...operation, state: "undone", endedAt: new Date().toISOString() });
  } else {
    const options = { store, acts: rollbackActs(facts, NO_ACTS), conflicts };
    if (isDryRun) outcomes.push(...(await previewUndo(repository, options)).outcomes);
    else await undoOperation(repository, { ...options, onOutcome: (outcome) => outcomes.push(outcome) });
  }
  const before = findLastEffective((await store.readEnded()).filter(({ id }) => id !== operation.id));
  const isOver = operation.endedAt !== null || before?.state !== "done";
  return { outcomes, earlier: isOver ? null : readRollback(before, facts.folder) };
}

/** Nothing is done anew while a rollback is taken back. */
const NO_ACTS: RollbackActOptions = {
  stopRun: () => Promise.resolve(),
  tryDownload: () => Promise.resolve(""),
  signal: new AbortController().signal,
};

/** The repository may be gone, and with it everything in it; `null` then. An installed version does not need it. */
async function tryRepository(facts: RollbackFacts): Promise<Repository | null> {
  const { mode, folder } = facts;
  if (mode === "install") return { root: folder, commonFolder: folder };
  try {
    return await repositoryOf(facts);
  } catch (error) {
    if (error instanceof KitError && error.code === "usage") return null;
    throw error;
  }
}
