import { dirname, join } from "node:path";
import { KitError, listIfExists, lstatSyncOrNull, renameFileSync, syncDir } from "../../base/mod.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { STATE_FOLDER } from "../identity/state_folder.ts";
import {
  type ChangePlan,
  isInTrash,
  type MarkOperation,
  type MoveOperation,
  type RowOperation,
  TRASH_FOLDER,
} from "./change_plan.ts";
import type { ChangedLibrary, ChangeProgress } from "./changed_library.ts";
import type { SkippedFile } from "./change_log.ts";
import { markForgotten, unmarkForgotten } from "./forgotten.ts";
import { finishCopy, moveFile, stateOfMove } from "./_move_file.ts";

/** Options of {@linkcode perform}. */
export interface PerformOptions {
  /** Whether to throw instead of leaving out what cannot be done. */
  readonly isStrict: boolean;
  /** Stops between two files. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ChangeProgress) => void) | undefined;
  /**
   * Renames a file. Tests replace it.
   *
   * @default {renameFileSync}
   */
  readonly rename?: ((from: string, to: string) => void) | undefined;
}

/**
 * Do the operations of a plan, whichever of them are done already: first the files, then the rows and marks, in one
 * transaction. All of it is flushed.
 *
 * @returns What was left out
 * @throws {KitError} `unsafe` with `isStrict`, if a file is not as it was planned any more
 */
export async function perform(
  library: ChangedLibrary,
  plan: ChangePlan,
  options: PerformOptions,
): Promise<readonly SkippedFile[]> {
  const { root, catalog } = library;
  const { isStrict, signal, onProgress = () => {}, rename = renameFileSync } = options;
  const moves = plan.operations.filter((operation) => operation.kind === "move");
  const leftOut: SkippedFile[] = [];
  const unmoved = new Set<string>();
  const touched = new Set<string>();
  const context = { knownFolders: new Set<string>(), touched, rename };
  for (const [index, move] of moves.entries()) {
    signal?.throwIfAborted();
    const reason = await doMove(library, move, context);
    if (reason !== null) {
      if (isStrict) throw new KitError("unsafe", `Cannot ${plan.title}: ${JSON.stringify(move.from)} ${reason}`);
      leftOut.push({ path: isInTrash(move.from) ? move.to : move.from, reason });
      unmoved.add(move.to);
    }
    onProgress({ files: index + 1, totalFiles: moves.length, path: move.from });
  }
  for (const folder of new Set(moves.map(({ from }) => dirname(join(root, from))))) {
    await removeEmptyFolders(root, folder, touched);
  }
  for (const folder of touched) {
    if (lstatSyncOrNull(folder) !== null) await syncDir(folder);
  }
  catalog.transaction(() => {
    for (const operation of plan.operations) {
      if (operation.kind === "move") carrySidecar(catalog, operation, unmoved);
      else if (operation.kind === "row") leftOut.push(...changeRow(catalog, operation, { unmoved, isStrict }));
      else changeMark(catalog, operation, plan);
    }
  });
  catalog.flush();
  return leftOut;
}

/** Options of a single move. */
interface MoveContext {
  readonly knownFolders: Set<string>;
  readonly touched: Set<string>;
  readonly rename: (from: string, to: string) => void;
}

/** Do a move unless it is done. Return why it cannot be done, as words that follow the path; `null` if it is done. */
async function doMove(library: ChangedLibrary, move: MoveOperation, context: MoveContext): Promise<string | null> {
  const { root, assertPresent } = library;
  const state = stateOfMove(root, move);
  switch (state) {
    case "pending":
      await moveFile(root, move, context);
      return null;
    case "done":
      // Whoever was killed after the move may not have flushed it.
      context.touched.add(dirname(join(root, move.from)));
      context.touched.add(dirname(join(root, move.to)));
      return null;
    case "copied":
      return await finishCopy(root, move, context.touched) ? null : sayMove("taken", move);
    case "missing":
      // The files of a library that is gone are not missing.
      await assertPresent?.();
      return sayMove(state, move);
    case "taken":
    case "changed":
      return sayMove(state, move);
  }
}

/** Say why a move cannot be done, in words that follow the path. */
export function sayMove(state: "missing" | "taken" | "changed", { from, to }: MoveOperation): string {
  switch (state) {
    case "missing":
      return isInTrash(from) ? "is no longer in the trash" : "is gone";
    case "taken":
      return `cannot be moved: another file is at ${JSON.stringify(to)}`;
    case "changed":
      return isInTrash(from) ? "was changed in the trash" : "was changed since";
  }
}

/** Remove a folder of the library, and those around it, if nothing is left in them. */
async function removeEmptyFolders(root: string, folder: string, touched: Set<string>): Promise<void> {
  const kept = new Set([root, join(root, STATE_FOLDER), join(root, TRASH_FOLDER)]);
  for (let path = folder; !kept.has(path); path = dirname(path)) {
    const info = lstatSyncOrNull(path);
    if (info === null) continue;
    // A link to a folder is the user's.
    if (!info.isDirectory || (await listIfExists(path)).length > 0) return;
    try {
      await Deno.remove(path);
    } catch {
      // It has got an entry meanwhile, or belongs to another user: it stays.
      return;
    }
    touched.add(dirname(path));
  }
}

/** What is remembered of a sidecar goes with it, so that its fields are brought up to date at its new place. */
function carrySidecar(catalog: Catalog, { from, to }: MoveOperation, unmoved: ReadonlySet<string>): void {
  if (isInTrash(from) || isInTrash(to) || unmoved.has(to)) return;
  const memory = catalog.sidecarMemory(from);
  if (memory !== null) catalog.rememberSidecar(to, memory);
}

function changeRow(
  catalog: Catalog,
  { key, before, after }: RowOperation,
  { unmoved, isStrict }: { readonly unmoved: ReadonlySet<string>; readonly isStrict: boolean },
): readonly SkippedFile[] {
  if (after === null) {
    catalog.remove(key);
    return [];
  }
  // Its file is not there, which has been told.
  if (unmoved.has(after.path)) return [];
  const now = catalog.item(key);
  if (before === null && now !== null && now.path !== after.path) {
    return [{ path: after.path, reason: `is in the catalog as ${JSON.stringify(now.path)} now` }];
  }
  const owner = catalog.itemByPath(after.path);
  if (!isStrict && owner !== null && owner.key !== key) {
    return [{ path: after.path, reason: `belongs to ${owner.key} now` }];
  }
  catalog.putStoredItem(after);
  return [];
}

function changeMark(catalog: Catalog, { kind, target, name }: MarkOperation, { id, createdAt }: ChangePlan): void {
  if (kind === "mark") markForgotten(catalog, { target, name, at: createdAt, change: id });
  else unmarkForgotten(catalog, target);
}
