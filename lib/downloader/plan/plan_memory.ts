import type { Library } from "../open_library.ts";
import { UNFINISHED, withdrawPlan } from "./withdraw_plan.ts";

/** What is needed to withdraw the plans of several runs later, also by another process. JSON. */
export interface PlanMemory {
  /** Keys of the items that were unfinished before the first of the runs. */
  readonly before: readonly string[];
  /** Ids of the runs. */
  readonly runs: readonly number[];
}

/** Note what is unfinished before a run. */
export function rememberPlan({ catalog }: Pick<Library, "catalog">): PlanMemory {
  return { before: catalog.items({ states: UNFINISHED }).map(({ key }) => key).toArray(), runs: [] };
}

/**
 * Withdraw what runs have planned and not fetched, unless it was unfinished before them. Files that are there stay.
 *
 * @param library The library, which no run is using
 * @param memory What was unfinished before, and the runs
 * @param reason Why, for items that were attempted before, and that stay in the catalog
 */
function withdrawRemembered(library: Library, { before, runs }: PlanMemory, reason: string): void {
  const unfinishedBefore = library.catalog.rememberItems({ keys: new Set(before) });
  for (const runId of runs) withdrawPlan(library, { runId, unfinishedBefore }, reason);
}

/**
 * Withdraw what cancelled entries of the queue have planned and not fetched.
 *
 * @param library The library, which this process holds, and which no run is using
 */
export function settleCancelled(library: Library): void {
  const { queue } = library.catalog;
  for (const { id } of queue.unsettled()) {
    // Written by whoever ran the entry.
    withdrawRemembered(library, queue.memory(id) as PlanMemory, `entry ${id} of the queue was cancelled`);
    queue.remember(id, null);
  }
}
