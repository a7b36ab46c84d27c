import type { UndoOutcome } from "../../git/mod.ts";
import { openRollbackStore, readRollback, type RollbackFacts } from "./rollback_record.ts";
import { undoRollback } from "./run_rollback.ts";

/** Options of {@linkcode settleRollback}. */
export interface SettleRollbackOptions {
  /** Whether to say only what would be done. */
  readonly isDryRun: boolean;
  /** Called with what is wrong with the records and stops nothing. */
  readonly onWarning: (message: string) => void;
}

/** An interrupted rollback that was or would be put back. */
export interface SettledRollback {
  readonly facts: RollbackFacts;
  /** When it began, ISO 8601 UTC. */
  readonly startedAt: string;
  /** What is as before again, and what stays, and why. */
  readonly outcomes: readonly UndoOutcome[];
}

/**
 * Put back what a killed rollback left, before another one begins. A damaged record does not stop the next one.
 *
 * @param folder The folder of installed versions
 * @param options Whether to change anything
 * @returns What was put back; `null` if nothing waits, or a process is at work on it
 */
export async function settleRollback(
  folder: string,
  { isDryRun, onWarning }: SettleRollbackOptions,
): Promise<SettledRollback | null> {
  const store = await openRollbackStore(folder);
  const isDamaged = isDryRun && await store.findDamaged() !== null;
  const current = isDamaged ? null : await store.openCurrent(onWarning);
  if (current === null || await store.findRunner() !== null) return null;
  const rollback = readRollback(current, folder);
  // Something else waits, so what people have changed since is kept rather than refused.
  const { outcomes } = await undoRollback(rollback, { conflicts: "keep", isDryRun });
  return { facts: rollback.facts, startedAt: current.startedAt, outcomes };
}
