import type { GateProblem, GateReport, GateRow } from "../../lib/gate/mod.ts";
import type { Report, ReportClaim, ReportTable } from "../../lib/report/mod.ts";
import { notesOf, titleOf } from "./gate_notes.ts";

/** Maximum number of problems shown per condition. */
const MAX_PROBLEMS = 20;

/** Convert a gate's report to a page: a claim for each condition, and a table of the problems of each. */
export function gatePage(report: GateReport): Report {
  const { verdict, at, rows } = report;
  return {
    title: titleOf(report),
    verdict,
    lead: at,
    notes: notesOf(report),
    claims: rows.map(claimOf),
    charts: [],
    tables: rows.filter(({ problems }) => problems.length > 0).map(problemsOf),
    facts: [],
  };
}

function claimOf({ id, title, required, measured, verdict, reason, command }: GateRow): ReportClaim {
  return { id, title, required, measured, verdict, note: reason, command };
}

function problemsOf({ id, problems }: GateRow): ReportTable {
  const left = problems.length - MAX_PROBLEMS;
  const rows = problems.slice(0, MAX_PROBLEMS).map((
    problem,
  ) => [placeOf(problem), problem.message, problem.rule ?? ""]);
  return {
    title: id,
    heads: ["Place", "Problem", "Rule"],
    rows: left > 0 ? [...rows, ["", `and ${left} more`, ""]] : rows,
  };
}

function placeOf({ file, line, column }: GateProblem): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}
