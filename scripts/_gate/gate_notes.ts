import type { GateReport, GateRow } from "../../lib/gate/mod.ts";

/** Collect the notes of a report: its commit, conditions that were left out or accepted, and reports that were not used. */
export function notesOf(report: GateReport): readonly string[] {
  const { commit, isDirty, isPartial, isStopped, leftOut, notes, rows } = report;
  const state = isDirty ? ", and sources that differ from it" : "";
  return [
    commit === ""
      ? "There is no git here: reports cannot be compared with a commit"
      : `Commit ${commit.slice(0, 12)}${state}`,
    ...isStopped ? ["The gate was stopped before it had judged everything"] : [],
    ...isPartial
      ? [`Only a part: ${leftOut.length} conditions were not judged, so it proves nothing about the phase`]
      : [],
    ...notes,
    ...groupByText(rows.flatMap(describeJudged)),
    ...groupByText(
      rows.flatMap(({ id, passedOver }) => passedOver.map((text) => ({ id, text: `passed over ${text}` }))),
    ),
  ];
}

/** What is said of a condition. */
interface ConditionText {
  readonly id: string;
  readonly text: string;
}

/** Name the reports that decided, or that were looked at if nothing is decided, and those beside them. */
function describeJudged({ id, verdict, evidence, others }: GateRow): readonly ConditionText[] {
  const reports = evidence === null
    ? others.join("; ")
    : [evidence, ...others.map((text) => `beside it ${text}`)].join("; ");
  if (reports === "") return [];
  return [{ id, text: `${verdict === "pass" || verdict === "fail" ? "decided by" : "looked at"} ${reports}` }];
}

/** Conditions of which the same is said share a line. */
function groupByText(texts: readonly ConditionText[]): readonly string[] {
  const groups = Map.groupBy(texts, ({ text }) => text);
  return [...groups].map(([text, group]) => `${group.map(({ id }) => id).join(", ")}: ${text}`);
}

/** Name what was judged: the gate of a phase, or a part of its conditions. */
export function titleOf({ phase, title, isPartial, leftOut, rows }: GateReport): string {
  const name = `phase ${phase} (${title})`;
  return isPartial ? `${rows.length} of ${rows.length + leftOut.length} conditions of ${name}` : `Gate of ${name}`;
}
