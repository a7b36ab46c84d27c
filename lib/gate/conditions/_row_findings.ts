import type { GateRow } from "./gate_report.ts";

/** The fields of a row that come from judging its condition. */
export interface RowFindings extends
  Pick<
    GateRow,
    | "verdict"
    | "estimate"
    | "bound"
    | "count"
    | "measured"
    | "reason"
    | "evidence"
    | "problems"
    | "others"
    | "passedOver"
  > {
  /** Unit of the claim that decided, as its report has it; empty or absent for counts and checks. */
  readonly unit?: string | undefined;
  /** What the report itself requires of that claim. */
  readonly limit?: string | undefined;
}

/** Create the findings of a condition for which nothing was measured. */
export function noFindings(verdict: GateRow["verdict"], reason: string): RowFindings {
  return {
    verdict,
    reason,
    estimate: null,
    bound: null,
    count: null,
    measured: "",
    evidence: null,
    problems: [],
    others: [],
    passedOver: [],
  };
}
