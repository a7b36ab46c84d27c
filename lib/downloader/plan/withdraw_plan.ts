import type { Catalog, ItemSet, ItemState } from "../../library/mod.ts";
import { galleryKey } from "./gallery_scope.ts";
import { forgetUnreadable } from "./report/note_unreadable.ts";
import type { Library } from "../open_library.ts";

/** States of items that a run still has to fetch. */
export const UNFINISHED: readonly ItemState[] = ["planned", "failed", "deferred", "corrupted"];

/** A plan that is not approved yet. */
export interface OpenPlan {
  readonly runId: number;
  /** Items that were unfinished before this plan; they stay planned even if it is declined. */
  readonly unfinishedBefore: ItemSet;
}

/**
 * Prefix of the catalog's notes on plans that wait for approval; they remain if the process is killed during the wait.
 */
const NOTES = "unanswered:";

/**
 * Start a plan, or continue one that waits for approval.
 *
 * @param library The library, whose catalog stores the plan
 * @param plan The run, and whether a person will be asked
 * @returns The plan, as it was when it first started
 */
export function openPlan(
  { catalog }: Library,
  plan: Pick<OpenPlan, "runId"> & { readonly asks: boolean },
): OpenPlan {
  const { runId, asks } = plan;
  const note = catalog.note(`${NOTES}${runId}`);
  if (note !== null) return readNote(catalog, runId, note);
  if (asks) {
    const before = catalog.items({ states: UNFINISHED }).map(({ key }) => key).toArray();
    catalog.setNote(`${NOTES}${runId}`, JSON.stringify({ before }));
  }
  return { runId, unfinishedBefore: catalog.rememberItems({ states: UNFINISHED }) };
}

/** Record that a plan is approved, so that later runs may continue it. */
export function agreeToPlan({ catalog }: Library, { runId }: Pick<OpenPlan, "runId">): void {
  catalog.setNote(`${NOTES}${runId}`, null);
}

/** Remove the plans of runs that were killed before their approval. */
export function withdrawUnanswered(library: Library, { exceptRunId }: { readonly exceptRunId: number }): void {
  for (const { name, value } of library.catalog.notes(NOTES)) {
    const runId = Number(name.slice(NOTES.length));
    if (runId !== exceptRunId) withdrawPlan(library, readNote(library.catalog, runId, value));
  }
}

function readNote(catalog: Catalog, runId: number, text: string): OpenPlan {
  // Written by openPlan().
  const { before } = JSON.parse(text) as { readonly before: readonly string[] };
  return { runId, unfinishedBefore: catalog.rememberItems({ keys: new Set(before) }) };
}

/**
 * Withdraw a plan that was declined, so that no later run fetches it without approval. New items are removed; items
 * that were done or attempted before are marked as declined until a target names them again.
 */
export function withdrawPlan(library: Library, plan: OpenPlan, reason = "declined when asked"): void {
  const { catalog } = library;
  const { runId, unfinishedBefore } = plan;
  catalog.transaction(() => {
    for (const item of catalog.items({ runId, states: UNFINISHED, outside: unfinishedBefore })) {
      // A gallery whose listing counts as complete would not be planned the next time.
      if (item.kind === "gallery") catalog.forgetListings(galleryKey(item.versionId!, ""));
      const isNew = item.doneAt === null && item.attempts === 0;
      if (isNew) catalog.remove(item.key);
      else catalog.mark(item.key, { state: "refused", outcome: "declined", reason });
    }
    catalog.setNote(`${NOTES}${runId}`, null);
    forgetUnreadable({ library, runId });
  });
  catalog.endRun(runId, { declined: true });
}
