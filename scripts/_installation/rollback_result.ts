import type { FinishedRollback, RollbackMode, RollbackStanding } from "../../lib/installation/mod.ts";
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

/** Where the last rollback stands, for `rollback status`. */
export interface RollbackStatus extends RollbackStanding {
  readonly action: "status";
  readonly folder: string;
  /** Top folder of its repository, if that is not the one here; `null` otherwise. */
  readonly elsewhere: string | null;
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
