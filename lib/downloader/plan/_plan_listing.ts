import { KitError } from "../../base/mod.ts";
import type { Model, ModelQuery, Page, UnreadableEntry } from "../../civitai/mod.ts";
import type { ListingFacts } from "../../library/mod.ts";
import { ListedIds } from "./_listed_ids.ts";
import { noteUnreadable, recallUnreadable } from "./report/note_unreadable.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { planGalleries } from "./plan_images.ts";
import { planPage } from "./_plan_page.ts";
import { settleVanished } from "./removed_parts.ts";
import { readAhead } from "./_read_ahead.ts";
import { warnOfMismatches } from "./_warn_of_mismatches.ts";

/** Result of {@linkcode planListing}. */
export interface PlannedListing {
  /** Models of the listing that were planned, each counted once, even if it broke off. */
  readonly seen: number;
  /** Their ids. */
  readonly ids: Pick<ListedIds, "has">;
  /** Whether pages overlapped: the listing has changed while it was read, so that others may have been left out. */
  readonly hasShifted: boolean;
  /** Why the listing broke off; `null` when it was read to its end or to the limit. */
  readonly failure: KitError | null;
}

/**
 * Age in milliseconds up to which a listing that broke off is continued where it stopped. The cursor of an older one
 * leads past everything that was published since.
 */
const CONTINUED_MS = 24 * 3_600_000;

/** Options of {@linkcode planListing}. */
export interface PlanListingOptions {
  /**
   * Whether to read the listing from its beginning once more, for models that this run has not seen in it yet.
   *
   * @default {false}
   */
  readonly again?: boolean | undefined;
}

/** Plan the models of a listing, until it ends, reaches the limit or breaks off. */
export async function planListing(
  context: SettledPlanning,
  query: ModelQuery,
  options: PlanListingOptions = {},
): Promise<PlannedListing> {
  const { service, runId } = context;
  const key = `run:${runId}:${JSON.stringify(query)}`;
  const reading = beginListing(context, key, options);
  const result = (failure: KitError | null): PlannedListing => {
    const { ids, hasShifted } = reading;
    return { seen: ids.size, ids, hasShifted, failure };
  };
  try {
    await readListing(context, query, reading);
    return result(null);
  } catch (error) {
    if (service.scopeOf(error) === "run" || !(error instanceof KitError)) throw error;
    return result(error);
  }
}

/** State of a listing that is being read. */
interface ListingReading {
  readonly key: string;
  /** Where to read on. */
  readonly start: ListingFacts;
  readonly ids: ListedIds;
  hasShifted: boolean;
}

async function readListing(context: SettledPlanning, query: ModelQuery, reading: ListingReading): Promise<void> {
  const { client, signal, onEvent, choice, library: { catalog } } = context;
  const { key, ids } = reading;
  let { pages } = reading.start;
  const entries = client.listModels(query, { cursor: reading.start.cursor, signal });
  const listing = warnOfMismatches(context, listingName(query), entries);
  // With a limit, the next page may not be needed.
  for await (const page of choice.limit === null ? readAhead(listing) : listing) {
    // Pages that an earlier process has read are not known to the client.
    const fresh = page.items.filter(({ id }) => !ids.has(id));
    reading.hasShifted ||= fresh.length < page.items.length || (page.repeated ?? 0) > 0;
    const room = choice.limit === null ? fresh.length : Math.max(0, choice.limit - ids.size);
    const models = fresh.slice(0, room);
    const { planned, vanished } = catalog.transaction(() => {
      ids.add(models.map(({ id }) => id));
      return planPage(context, models);
    });
    // Of other listings, the site leaves out versions.
    if (query.username !== undefined && query.baseModels === undefined) await settleVanished(context, vanished);
    noteUnreadable(context, listingName(query), unreadableWithin(page, choice.limit === null ? Infinity : room));
    await planGalleries(context, planned);
    const { size: seen } = ids;
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
function beginListing(context: SettledPlanning, key: string, { again = false }: PlanListingOptions): ListingReading {
  const { library: { catalog }, clock, runId } = context;
  const before = catalog.listing(key);
  if (before === null) ListedIds.forgetOthers(catalog, `run:${runId}:`);
  const ids = new ListedIds(catalog, key);
  const isBrokenOff = before !== null && !before.complete && clock.now() - before.updatedAt < CONTINUED_MS;
  if (isBrokenOff && !again) {
    recallUnreadable(context);
    return { key, start: before, ids, hasShifted: false };
  }
  if (!again) ids.clear();
  const start = { cursor: null, pages: 0, seen: 0, complete: false };
  catalog.saveListing(key, start);
  return { key, start, ids, hasShifted: false };
}

/** Name of a listing in reports. */
function listingName(query: ModelQuery): string {
  return query.username === undefined ? `search ${JSON.stringify(query)}` : `user:${query.username}`;
}

/** Return the unreadable entries among those that the limit allows; the ones after them do not matter. */
function unreadableWithin(page: Page<Model>, room: number): readonly UnreadableEntry[] {
  return (page.unreadable ?? []).filter(({ position }, before) => position - 1 - before < room);
}
