import type { Evidence, EvidenceMachine } from "../../base/mod.ts";
import type { GateRepository } from "./gate_repository.ts";

/** The circumstances in which reports are examined. */
export interface EvidenceContext {
  /** The current time, in milliseconds since the epoch. */
  readonly now: number;
  /** The version control of the working folder; `null` if there is none. */
  readonly repository: GateRepository | null;
  /** The machine that runs the gate. */
  readonly machine: EvidenceMachine;
}

/** A report that does not meet the demand, and the consequence for the condition. */
export interface EvidenceMisfit {
  /** Name of the report's file. */
  readonly name: string;
  /** The report; absent if it is unreadable. */
  readonly evidence?: Evidence | undefined;
  /** Why the report does not meet the demand, as text for the user. */
  readonly reason: string;
  /**
   * The consequence:
   * - `fail`: the report is damaged or contradictory, or a whole attempt that fell short
   * - `inconclusive`: it cannot be compared, for example because it comes from another machine
   * - `not evaluated`: it is too old, of other sources, too short or of another kind of run
   */
  readonly verdict: "fail" | "inconclusive" | "not evaluated";
  /**
   * Whether it is believed, although it proves nothing: it is of these sources, of this machine if that matters, and not
   * too old, but unfinished, too short, or made with other settings. A claim that failed in it has failed if
   * {@linkcode canFailBy} says so.
   */
  readonly canRefute?: boolean | undefined;
}
