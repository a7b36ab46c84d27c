import type { ItemOutcome } from "../download_event.ts";
import type { PlanReportData } from "../plan/report/plan_report.ts";
import type { RunSummary } from "./run_summary.ts";

/** Number of items by outcome; outcomes that did not occur are absent. */
export type OutcomeCounts = Readonly<Partial<Record<ItemOutcome, number>>>;

/**
 * Count all items by outcome: those that the plan found in the library or refused, and those of the queue. The text
 * output, `--json` and events all show these counts.
 *
 * @param plan Items in the library, and items that the plan refused
 * @param run Outcomes of the queue; `null` if it did not run
 * @returns The sums of both
 */
export function countOutcomes(
  plan: Pick<PlanReportData, "there" | "refused">,
  run: Pick<RunSummary, "outcomes"> | null,
): OutcomeCounts {
  const counts: Partial<Record<ItemOutcome, number>> = {};
  const add = (outcome: ItemOutcome, count: number): void => {
    if (count > 0) counts[outcome] = (counts[outcome] ?? 0) + count;
  };
  add("already there", plan.there.count);
  for (const found of [plan.refused, run?.outcomes ?? {}]) {
    for (const [outcome, count] of Object.entries(found)) add(outcome as ItemOutcome, count);
  }
  return counts;
}
