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
    ...listDeciders(rows),
    // Several conditions may skip the same file.
    ...new Set(rows.flatMap((row) => row.passedOver.map((text) => `Passed over ${text}`))),
  ];
}

/** Name the reports that decided, and those beside them; conditions with the same reports share a line. */
function listDeciders(rows: readonly GateRow[]): readonly string[] {
  const judged = rows.flatMap(({ id, evidence, others }) =>
    evidence === null ? [] : [{ id, reports: [evidence, ...others.map((text) => `beside it ${text}`)].join("; ") }]
  );
  const groups = Map.groupBy(judged, ({ reports }) => reports);
  return [...groups].map(([reports, group]) => `${group.map(({ id }) => id).join(", ")}: decided by ${reports}`);
}

/** Name what was judged: the gate of a phase, or a part of its conditions. */
export function titleOf({ phase, title, isPartial, leftOut, rows }: GateReport): string {
  const name = `phase ${phase} (${title})`;
  return isPartial ? `${rows.length} of ${rows.length + leftOut.length} conditions of ${name}` : `Gate of ${name}`;
}
