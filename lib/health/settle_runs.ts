import type { ProblemId } from "../problems/mod.ts";
import type { HealthRow } from "./health_check.ts";

/** The check that measures now what may have ended a run. */
const MEASURED_BY: Partial<Record<ProblemId, string>> = {
  "key-rejected": "key",
  login: "key",
  "no-key": "key",
  "reserve-reached": "disk",
  disk: "write",
  "library-missing": "library",
  "creator-fails": "creators",
};

/**
 * Say of the last run that it ended badly, and no longer why, if what ended it is over: a key that was replaced must not
 * be called rejected.
 *
 * @param rows The findings of all checks
 * @returns The findings, of which at most the one about the runs is another
 */
export function settleRuns(rows: readonly HealthRow[]): readonly HealthRow[] {
  return rows.map((row) => {
    if (row.name !== "runs" || row.problem === null) return row;
    const check = rows.find(({ name }) => name === MEASURED_BY[row.problem!]);
    if (check?.status !== "ok") return row;
    return {
      ...row,
      problem: "run-failed",
      advice: `what ended it is over (${check.name}: ${check.measured}): it resumes where the last run stopped`,
      ja: {
        ...row.ja,
        advice: `原因は解消しています（${check.name}: ${check.ja.measured}）。前回の続きから再開します`,
      },
    };
  });
}
