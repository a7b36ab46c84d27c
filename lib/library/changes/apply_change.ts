import { join } from "node:path";
import { type Clock, KitError, lstatSyncOrNull, shell, systemClock } from "../../base/mod.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { STATE_FOLDER } from "../identity/state_folder.ts";
import { foldPath } from "../naming/fold_path.ts";
import { ChangeLog, type ChangeRecord } from "./change_log.ts";
import { type ChangePlan, isAllowedPath, type MoveOperation } from "./change_plan.ts";
import { isSpelling, stateOfMove } from "./_move_file.ts";
import type { ChangedLibrary, ChangeProgress } from "./changed_library.ts";
import { perform, sayMove } from "./_perform.ts";
import { planInverse } from "./plan_inverse.ts";

/** Options of {@linkcode applyChange} and {@linkcode undoChange}. */
export interface ChangeOptions {
  /** Stops between two files; what was done is taken back. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each file. */
  readonly onProgress?: ((progress: ChangeProgress) => void) | undefined;
  /**
   * Renames a file. Tests replace it.
   *
   * @default {a rename that is tried again on Windows}
   */
  readonly rename?: ((from: string, to: string) => void) | undefined;
  /**
   * Clock for the times in the record.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/**
 * Do all of a plan or nothing. The plan is written and flushed before the first operation, so that a process that is
 * killed leaves a change that {@linkcode finishChanges} finishes. If an operation fails or the signal aborts, what was
 * done is taken back.
 *
 * @param library The library; the caller holds its lock
 * @param plan What is to be done
 * @param options Signal, progress, clock
 * @returns The record of the change
 * @throws {KitError} `unsafe`, before the first operation, if a file was changed since the plan, if something is at its
 * new place, or if the catalog does not know it
 */
export async function applyChange(
  library: ChangedLibrary,
  plan: ChangePlan,
  options: ChangeOptions = {},
): Promise<ChangeRecord> {
  const { clock = systemClock } = options;
  await library.assertPresent?.();
  checkPlan(library, plan);
  const log = new ChangeLog(library.root);
  const record = await log.begin(plan, timeOf(clock));
  try {
    await perform(library, plan, { ...options, isStrict: true });
  } catch (error) {
    // If that fails too, the next command finishes the change.
    const leftOut = await perform(library, planInverse(plan), { isStrict: false, rename: options.rename });
    if (leftOut.length === 0) await log.drop(plan.id);
    else await log.write({ ...record, state: "undone", changedAt: timeOf(clock), trashBytes: 0, leftOut });
    throw error;
  }
  return await log.write({ ...record, state: "applied", changedAt: timeOf(clock) });
}

/**
 * Take an applied change back. What its trash has no more is left out, and named in the record; marks are taken back
 * all the same.
 *
 * @param library The library; the caller holds its lock
 * @param id Number of the change
 * @param options Signal, progress, clock
 * @returns The record of the change
 * @throws {KitError} `usage` if there is no such change; `unsafe` if it is undone already, if something is at the old
 * place of a file, or if a later change has moved one
 */
export async function undoChange(
  library: ChangedLibrary,
  id: number,
  options: ChangeOptions = {},
): Promise<ChangeRecord> {
  const { clock = systemClock } = options;
  await library.assertPresent?.();
  const log = new ChangeLog(library.root);
  const { record, plan } = await log.find(id);
  if (record.state === "undone") {
    throw new KitError("unsafe", `Cannot undo change ${id}: it was undone on ${record.changedAt.slice(0, 10)}`);
  }
  const inverse = planInverse(plan);
  await checkWayBack(library, inverse, log);
  await log.write({ ...record, state: "undoing", changedAt: timeOf(clock), leftOut: [] });
  let leftOut: ChangeRecord["leftOut"];
  try {
    leftOut = await perform(library, inverse, { ...options, isStrict: false });
  } catch (error) {
    await perform(library, plan, { isStrict: false, rename: options.rename });
    await log.write(record);
    throw error;
  }
  return await log.write({ ...record, state: "undone", changedAt: timeOf(clock), trashBytes: 0, leftOut });
}

/**
 * Finish what a killed process has begun: apply or undo the rest of it. Call this when the lock is taken, before
 * anything else changes the library.
 *
 * @param library The library; the caller holds its lock
 * @param options Clock
 * @returns The records of the changes that were unfinished
 */
export async function finishChanges(
  library: ChangedLibrary,
  options: Pick<ChangeOptions, "clock" | "rename"> = {},
): Promise<readonly ChangeRecord[]> {
  const { clock = systemClock, rename } = options;
  const log = new ChangeLog(library.root);
  const unfinished = (await log.list()).filter(({ state }) => state === "applying" || state === "undoing");
  const finished: ChangeRecord[] = [];
  for (const record of unfinished) {
    const isUndo = record.state === "undoing";
    const plan = await log.plan(record.id);
    if (plan === null) {
      // A damaged plan must not keep everybody out of the library. Its files are in the trash, or where they were.
      const path = `${STATE_FOLDER}/changes/${record.id}.json`;
      const lost = [{ path, reason: "is missing or damaged: nobody knows what of the change was left to do" }];
      finished.push(await log.write({ ...record, state: "applied", changedAt: timeOf(clock), leftOut: lost }));
      continue;
    }
    const leftOut = await perform(library, isUndo ? planInverse(plan) : plan, { isStrict: false, rename });
    const end = { changedAt: timeOf(clock), leftOut };
    finished.push(
      await log.write({ ...record, ...end, ...isUndo ? { state: "undone", trashBytes: 0 } : { state: "applied" } }),
    );
  }
  return finished;
}

function timeOf(clock: Pick<Clock, "now">): string {
  return new Date(clock.now()).toISOString();
}

/** Check that all of a plan can be done, and that all of it can be taken back. */
function checkPlan({ root, catalog }: ChangedLibrary, plan: ChangePlan): void {
  const refuse = (path: string, reason: string, hint?: string): never => {
    throw new KitError("unsafe", `Cannot ${plan.title}: ${JSON.stringify(path)} ${reason}`, {
      hint: hint ?? "Nothing was changed; run the command again",
    });
  };
  const places = new PlacesOfPlan(root);
  for (const operation of plan.operations) {
    if (operation.kind === "row") {
      const { key, before } = operation;
      const now = catalog.storedItem(key);
      if (JSON.stringify(now) === JSON.stringify(before)) continue;
      refuse((now ?? before)!.path, "has another row in the catalog now");
    }
    if (operation.kind !== "move") continue;
    const { from, to } = operation;
    if (![from, to].every((path) => isAllowedPath(path, plan.id))) refuse(from, "would leave the library");
    if (!isDescribed(catalog, operation)) {
      refuse(from, "is not in the catalog: nothing describes it", "civitai-dl verify --rebuild finds out what it is");
    }
    const problem = places.judge(operation);
    if (problem !== null) refuse(from, sayMove(problem, operation));
  }
}

/** Whether the catalog has the item of a file: it says what the file is, and where it came from. */
function isDescribed(catalog: Catalog, { of }: MoveOperation): boolean {
  return catalog.item(of) !== null;
}

/** Check that nothing is in the way of an undo, and that no later change has moved the files on. */
async function checkWayBack({ root }: ChangedLibrary, inverse: ChangePlan, log: ChangeLog): Promise<void> {
  const places = new PlacesOfPlan(root);
  const missing = new Set<string>();
  for (const operation of inverse.operations) {
    if (operation.kind !== "move") continue;
    const problem = places.judge(operation);
    if (problem === "missing") missing.add(foldPath(operation.from));
    if (problem !== "taken") continue;
    throw new KitError(
      "unsafe",
      `Cannot undo change ${inverse.id}: another file is at ${JSON.stringify(operation.to)}`,
      {
        hint: "Move it away, then undo again",
      },
    );
  }
  if (missing.size === 0) return;
  const later = (await log.list()).filter(({ id, state }) => id > inverse.id && state === "applied");
  for (const { id } of later) {
    const moved = (await log.plan(id))?.operations.some((operation) =>
      operation.kind === "move" && missing.has(foldPath(operation.from))
    );
    if (moved !== true) continue;
    throw new KitError("unsafe", `Cannot undo change ${inverse.id}: change ${id} has moved its files on`, {
      hint: shell`Undo that one first: civitai-dl undo ${String(id)}`,
    });
  }
}

/** What is where after the operations of a plan that were judged so far. */
class PlacesOfPlan {
  readonly #root: string;
  readonly #left = new Set<string>();
  readonly #filled = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Judge the next move: why it cannot be done after those before it; `null` if it can, or is done. */
  judge(move: MoveOperation): "missing" | "taken" | "changed" | null {
    const to = foldPath(move.to);
    // Two files of one name would be one file on some systems.
    if (this.#filled.has(to)) return "taken";
    const isLeft = this.#left.has(to);
    this.#filled.add(to);
    this.#left.add(foldPath(move.from));
    const state = stateOfMove(this.#root, move);
    if (state === "pending" || state === "done") return null;
    if (state === "copied") return "taken";
    if (state !== "taken" || !(isLeft || isSpelling(move))) return state;
    // What is there now makes room before.
    const info = lstatSyncOrNull(join(this.#root, move.from));
    if (info === null) return "missing";
    return info.size === move.bytes && info.mtime?.getTime() === move.mtimeMs ? null : "changed";
  }
}
