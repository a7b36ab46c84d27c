import { type Evidence, type EvidenceHeader, sealEvidence, thisMachine, thisProgram } from "../../lib/base/mod.ts";
import type { GateReport } from "../../lib/gate/mod.ts";

/** Schema of the report of a gate. */
export const GATE_SCHEMA = "civitai-dl/gate";

/** The JSON form of a gate's report: with the header of all reports, and sealed. */
export type SealedGate =
  & Omit<GateReport, "commit" | "isDirty" | "startedAt" | "at">
  & EvidenceHeader
  & Pick<Evidence, "digest">;

/** Seal a gate's report. Its commit and times become those of the header. */
export function sealGate(report: GateReport): SealedGate {
  const { commit: sha, isDirty, startedAt, at, ...rest } = report;
  return sealEvidence({
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
  });
}
