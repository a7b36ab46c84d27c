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
  /** Name of its file. */
  readonly name: string;
  /** The report; absent if it is unreadable or was edited. */
  readonly evidence?: Evidence | undefined;
  /** Why it does not meet the demand, for a person. */
  readonly reason: string;
  /**
   * `fail` for a report that is damaged, edited, contradictory or of other sources; `inconclusive` for one that cannot
   * be compared, such as one of another machine; `not evaluated` for one that is old, too short or of another kind of
   * run.
   */
  readonly verdict: "fail" | "inconclusive" | "not evaluated";
}
