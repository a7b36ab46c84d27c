import { planUndo, type PlanUndoOptions, wasDone } from "./plan_undo.ts";
import { type RollbackJournal, writeRollbackJournal } from "./rollback_journal.ts";

/** Options of {@linkcode undoRollback}. */
export interface UndoRollbackOptions extends PlanUndoOptions {
  /** Why it is taken back; recorded in the journal. */
  readonly reason: string | null;
}

/** What {@linkcode undoRollback} did, in words. */
export interface UndoneRollback {
  /** What was put back. */
  readonly restored: readonly string[];
  /** What stays, and why. */
  readonly kept: readonly string[];
}

/**
 * Take a rollback back, the last step first. It can be called again after a kill, because each step can be taken back
 * twice. Of a finished rollback, the built version stays. What an unfinished one came after
 * is the last rollback again, and can be taken back next.
 *
 * @param journal The journal
 * @param options Reason, and what to do about conflicts
 * @returns What was put back, and what stays
 * @throws {KitError} `unsafe` before anything is changed if somebody's work would be lost, and conflicts are refused
 */
export async function undoRollback(journal: RollbackJournal, options: UndoRollbackOptions): Promise<UndoneRollback> {
  const { reason } = options;
  const plan = await planUndo(journal, options);
  const undoing = { ...journal, reason, wasDone: wasDone(journal) };
  await writeRollbackJournal({ ...undoing, state: "restoring" });
  const restored: string[] = [];
  const kept: string[] = [];
  for (const { act } of plan) {
    const step = await act();
    if (step !== null) (step.isKept ? kept : restored).push(step.text);
  }
  await writeRollbackJournal(journal.earlier ?? { ...undoing, state: "restored" });
  return { restored, kept };
}
