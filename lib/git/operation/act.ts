import { KitError } from "../../base/mod.ts";

/** When an act is taken back. */
export interface ActState {
  /** Whether it is known to have been applied; otherwise it may have been, in whole or in part. */
  readonly isComplete: boolean;
  /** Whether the operation had come to its end. */
  readonly wasDone: boolean;
}

/** How an act is taken back. */
export interface ActUndo {
  /** The state afterwards, such as `1.1.0 is in use`. */
  readonly text: string;
  /** Takes it back; returns whether there was anything to take back. */
  readonly apply: () => Promise<boolean>;
}

/** What a step does that changes no refs. The command whose operation it is brings it along; the record has its name. */
export interface Act {
  /** Do it, whether or not an earlier process has done it in part or in whole. */
  readonly apply: () => Promise<unknown>;
  /**
   * Find out how to take it back; nothing is changed. Without it, there is nothing to take back.
   *
   * @returns `null` if there is nothing to take back
   * @throws {UndoConflict} If work of people would be lost
   */
  readonly planUndo?: (state: ActState) => Promise<ActUndo | null>;
}

/** The acts of an operation by the ids of their steps. */
export type Acts = Readonly<Record<string, Act>>;

/** What becomes of a step that is taken back. */
export interface UndoOutcome {
  /** The state afterwards, such as `branch hotfix/x is deleted`. */
  readonly text: string;
  /** Whether what the step made stays. */
  readonly isKept: boolean;
}

/** A step that cannot be taken back without losing what somebody did since. */
export class UndoConflict extends KitError {
  /** The state if it is kept, such as `branch hotfix/x stays: it has moved on`. */
  readonly keeps: string;

  constructor(message: string, { hint, keeps }: { readonly hint: string; readonly keeps: string }) {
    super("unsafe", message, { hint });
    this.keeps = keeps;
  }
}
