import type { FinishedRollback, RecordedRollback, RollbackMode } from "../../lib/installation/mod.ts";
import type { UndoOutcome } from "../../lib/git/mod.ts";
import type { CandidateList } from "./read_candidates.ts";

/** Where a rollback put the version. */
export interface RollbackPlace {
  readonly mode: RollbackMode;
  /** The program, or the working tree. */
  readonly place: string;
}

/** A finished rollback. */
export interface DoneRollback extends FinishedRollback, RollbackPlace {
  readonly action: "done";
  readonly tag: string;
  /** Whether the emergency patch is part of it. */
  readonly isPatched: boolean;
  /** What was in use before. */
  readonly from: string;
  /** Whether the version was in use already, so that nothing was switched. */
  readonly wasInUse: boolean;
  /** The version to which `rollback undo` leads now; `null` if it takes back nothing of this rollback. */
  readonly forward: string | null;
  /** Name of the installed version that was in use before; `null` if none was. */
  readonly previous: string | null;
  readonly folder: string;
  readonly library: string | null;
  readonly durationMs: number;
}

/** What a rollback would do. */
export interface PlannedRollback {
  readonly action: "plan";
  readonly mode: RollbackMode;
  readonly tag: string;
  readonly from: string;
  /** What is done, step by step. */
  readonly steps: readonly string[];
}

/** Where the last rollback stands. */
export interface RollbackStatus {
  readonly action: "status";
  readonly folder: string;
  /** Name of the installed version in use; `null` if none is. */
  readonly current: string | null;
  /** `null` if there was none, or its record is damaged. */
  readonly last: RecordedRollback | null;
  /** Path of the damaged record of a rollback later than all that can be read; `null` if there is none. */
  readonly damaged: string | null;
  /** Top folder of its repository, if that is not the one here; `null` otherwise. */
  readonly elsewhere: string | null;
  /** Whether another process is at work on it. */
  readonly isRunning: boolean;
}

/** A rollback that was taken back. */
export interface UndoneResult {
  readonly action: "undone";
  /** Whether nothing was changed, and the rest says what would be. */
  readonly isDryRun: boolean;
  readonly tag: string;
  readonly from: string;
  /** Top folder of its repository, if that is not the one here; `null` otherwise. */
  readonly elsewhere: string | null;
  /** What is as before again, and what stays, and why. */
  readonly outcomes: readonly UndoOutcome[];
  /** Tag of the rollback before it, which is the last one again and can be taken back too; `null` if there is none. */
  readonly earlier: string | null;
  readonly durationMs: number;
}

/** What the `rollback` command returns. */
export type RollbackResult =
  | DoneRollback
  | PlannedRollback
  | RollbackStatus
  | UndoneResult
  | CandidateList;
