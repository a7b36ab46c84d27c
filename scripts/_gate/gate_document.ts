import { type EvidenceHeader, thisMachine, thisProgram } from "../../lib/base/mod.ts";
import type { GateReport } from "../../lib/gate/mod.ts";

/** Schema of the report of a gate. */
export const GATE_SCHEMA = "civitai-dl/gate";

/** The JSON form of a gate's report, with the header of all reports. */
export type GateDocument = Omit<GateReport, "commit" | "isDirty" | "startedAt" | "at"> & EvidenceHeader;

/** Give a gate's report the header of all reports. Its commit and times become those of the header. */
export function gateDocument(report: GateReport): GateDocument {
  const { commit: sha, isDirty, startedAt, at, ...rest } = report;
  return {
    schema: GATE_SCHEMA,
    version: 1,
    tool: thisProgram(),
    commit: { sha, isDirty: isDirty ?? false, ref: "" },
    machine: thisMachine(),
    seed: null,
    startedAt,
    endedAt: at,
    plannedMs: 0,
    actualMs: Math.round(rest.rows.reduce((sum, row) => sum + row.seconds, 0) * 1000),
    ...rest,
  };
}
