import { KitError } from "../../base/mod.ts";
import type { Model, ModelQuery, Page, UnreadableEntry } from "../../civitai/mod.ts";
import { noteUnreadable } from "./report/note_unreadable.ts";
import type { PlanContext } from "./plan_context.ts";
import { planGalleries } from "./plan_images.ts";
import { planModel } from "./plan_model.ts";
import { readAhead } from "./_read_ahead.ts";
import { warnOfMismatches } from "./_warn_of_mismatches.ts";

/** Result of {@linkcode planListing}. */
export interface PlannedListing {
  /** Models of the listing that were planned, even if it broke off. */
  readonly seen: number;
  /** Why the listing broke off; `null` when it was read to its end or to the limit. */
  readonly failure: KitError | null;
}

/** Plan the models of a listing, until it ends, reaches the limit or breaks off. */
export async function planListing(context: PlanContext, query: ModelQuery): Promise<PlannedListing> {
  const { service, library: { catalog }, runId } = context;
  const key = `run:${runId}:${JSON.stringify(query)}`;
  const seen = (): number => catalog.listing(key)?.seen ?? 0;
  try {
    await readListing(context, query, key);
    return { seen: seen(), failure: null };
  } catch (error) {
    if (service.scopeOf(error) === "run" || !(error instanceof KitError)) throw error;
    return { seen: seen(), failure: error };
  }
}

async function readListing(context: PlanContext, query: ModelQuery, key: string): Promise<void> {
  const { client, signal, onEvent, choice, library: { catalog } } = context;
  const before = catalog.listing(key);
  if (before?.complete) return;
  let seen = before?.seen ?? 0;
  let pages = before?.pages ?? 0;
  const models = client.listModels(query, { cursor: before?.cursor ?? null, signal });
  const listing = warnOfMismatches(context, listingName(query), models);
  // With a limit, the next page may not be needed.
  for await (const page of choice.limit === null ? readAhead(listing) : listing) {
    const room = choice.limit === null ? page.items.length : Math.max(0, choice.limit - seen);
    // One transaction per page: a hundred small transactions cost more than the work in them.
    const planned = catalog.transaction(() => page.items.slice(0, room).flatMap((model) => planModel(context, model)));
    noteUnreadable(context, listingName(query), unreadableWithin(page, choice.limit === null ? Infinity : room));
    await planGalleries(context, planned);
    seen += Math.min(room, page.items.length);
    catalog.saveListing(key, { cursor: page.nextCursor, pages: ++pages, seen, complete: page.nextCursor === null });
    onEvent({ type: "page", target: JSON.stringify(query), models: seen, files: planned.length });
    if (choice.limit !== null && seen >= choice.limit) break;
  }
}

/** Name of a listing in reports. */
function listingName(query: ModelQuery): string {
  return query.username === undefined ? `search ${JSON.stringify(query)}` : `user:${query.username}`;
}

/** Return the unreadable entries among those that the limit allows; the ones after them do not matter. */
function unreadableWithin(page: Page<Model>, room: number): readonly UnreadableEntry[] {
  return (page.unreadable ?? []).filter(({ position }, before) => position - 1 - before < room);
}
