import type { ItemState } from "../library/mod.ts";
import { galleryKey } from "./_gallery_scope.ts";
import type { Library } from "./open_library.ts";

const UNFINISHED: readonly ItemState[] = ["planned", "failed", "deferred", "quarantined"];

/** What was to be fetched before a plan was made: it stays so, whatever becomes of the plan. */
export function unfinishedKeys({ catalog }: Library): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const item of catalog.items({ states: UNFINISHED })) keys.add(item.key);
  return keys;
}

/** What {@linkcode withdrawPlan} takes back. */
export interface WithdrawnPlan {
  readonly runId: number;
  /** From {@linkcode galleryScope}, of the plan. */
  readonly scope: string;
  /** From {@linkcode unfinishedKeys}, before the plan. */
  readonly before: ReadonlySet<string>;
}

/**
 * Take back a plan that was declined, so that no later run fetches it unasked: what was new is forgotten, what had an end
 * before is marked as declined until it is asked for again.
 */
export function withdrawPlan({ catalog }: Library, plan: WithdrawnPlan): void {
  const { runId, scope, before } = plan;
  catalog.transaction(() => {
    for (const item of catalog.items({ runId, states: UNFINISHED })) {
      if (before.has(item.key)) continue;
      // A gallery that counts as read would not be planned the next time.
      if (item.kind === "gallery") {
        const unread = { cursor: null, pages: 0, seen: 0, complete: false };
        catalog.saveListing(galleryKey(item.versionId!, scope), unread);
      }
      const isNew = item.doneAt === null && item.attempts === 0;
      if (isNew) catalog.remove(item.key);
      else catalog.mark(item.key, { state: "refused", outcome: "declined", reason: "declined when asked" });
    }
  });
  catalog.endRun(runId, { declined: true });
}
