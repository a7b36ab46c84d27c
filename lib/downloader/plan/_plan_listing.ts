import { KitError } from "../../base/mod.ts";
import type { Model, ModelQuery, Page, UnreadableEntry } from "../../civitai/mod.ts";
import type { ListingFacts } from "../../library/mod.ts";
import { noteUnreadable, recallUnreadable } from "./report/note_unreadable.ts";
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

/**
 * Age in milliseconds up to which a listing that broke off is continued where it stopped. The cursor of an older one
 * leads past everything that was published since.
 */
const CONTINUED_MS = 24 * 3_600_000;

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
  const before = beginListing(context, key);
  let { seen, pages } = before;
  const models = client.listModels(query, { cursor: before.cursor, signal });
  const listing = warnOfMismatches(context, listingName(query), models);
  // With a limit, the next page may not be needed.
  for await (const page of choice.limit === null ? readAhead(listing) : listing) {
    const room = choice.limit === null ? page.items.length : Math.max(0, choice.limit - seen);
    // One transaction per page: a hundred small transactions cost more than the work in them.
    const planned = catalog.transaction(() => page.items.slice(0, room).flatMap((model) => planModel(context, model)));
    noteUnreadable(context, listingName(query), unreadableWithin(page, choice.limit === null ? Infinity : room));
    await planGalleries(context, planned);
    seen += Math.min(room, page.items.length);
    const complete = page.nextCursor === null || (choice.limit !== null && seen >= choice.limit);
    catalog.saveListing(key, { cursor: page.nextCursor, pages: ++pages, seen, complete });
    onEvent({ type: "page", target: JSON.stringify(query), models: seen, files: planned.length });
    if (complete) break;
  }
}

/**
 * Decide where to read a listing from. A run that is resumed reads its listings again, since something may have been
 * published in the meantime; a job that never finishes its queue would otherwise never list again. Only a listing that
 * broke off is continued, for a day.
 */
function beginListing(context: PlanContext, key: string): ListingFacts {
  const { library: { catalog }, clock } = context;
  const before = catalog.listing(key);
  const isBrokenOff = before !== null && !before.complete && clock.now() - before.updatedAt < CONTINUED_MS;
  if (isBrokenOff) {
    recallUnreadable(context);
    return before;
  }
  const start = { cursor: null, pages: 0, seen: 0, complete: false };
  catalog.saveListing(key, start);
  return start;
}

/** Name of a listing in reports. */
function listingName(query: ModelQuery): string {
  return query.username === undefined ? `search ${JSON.stringify(query)}` : `user:${query.username}`;
}

/** Return the unreadable entries among those that the limit allows; the ones after them do not matter. */
function unreadableWithin(page: Page<Model>, room: number): readonly UnreadableEntry[] {
  return (page.unreadable ?? []).filter(({ position }, before) => position - 1 - before < room);
}
