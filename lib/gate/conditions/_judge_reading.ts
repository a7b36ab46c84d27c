import type { GateCondition } from "../config/gate_config.ts";
import type { CheckResult } from "./gate_check.ts";
import { formatBeside, meets } from "../../judge/mod.ts";
import type { RowFindings } from "./_row_findings.ts";

/** Judge the numbers of a check by its condition. */
export function judgeConditionReading(reading: CheckResult, condition: GateCondition): RowFindings {
  const { require, minCount } = condition;
  const { value, count, unit, problems } = reading;
  const facts = {
    estimate: value,
    bound: null,
    count,
    measured: reading.measured,
    problems,
    evidence: null,
    others: [],
    passedOver: [],
  };
  // A broken run also finds no problems, because it examines nothing.
  if (count < minCount) return { ...facts, verdict: "fail", reason: `${count} ${unit}, at least ${minCount} required` };
  if (reading.doubt !== undefined) return { ...facts, verdict: "inconclusive", reason: reading.doubt };
  if (require !== null && meets(require, value)) return { ...facts, verdict: "pass", reason: "" };
  return { ...facts, verdict: "fail", reason: problems.length > 0 ? "" : `${formatBeside(value, require)} measured` };
}
