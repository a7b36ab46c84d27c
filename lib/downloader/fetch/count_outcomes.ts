import type { ItemOutcome } from "../watch/download_event.ts";
import type { PlanReportData } from "../plan/plan_report.ts";
import type { RunSummary } from "./run_summary.ts";

/** Items by how they ended; what did not occur is absent. */
export type OutcomeCounts = Readonly<Partial<Record<ItemOutcome, number>>>;

/**
 * Count all items by outcome: those that the plan found in the library or refused, and those of the queue.
 * Text, `--json` and events all show these counts.
 *
 * @param plan What the plan found
 * @param run What the queue did; `null` if it did not run
 * @returns The counts
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
