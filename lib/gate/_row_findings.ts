import type { GateRow } from "./gate_report.ts";

/** What looking at a condition adds to it. */
export type RowFindings = Pick<
  GateRow,
  "verdict" | "estimate" | "bound" | "count" | "measured" | "reason" | "evidence" | "problems" | "passedOver"
>;

/** The findings where nothing was measured. */
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
    passedOver: [],
  };
}
