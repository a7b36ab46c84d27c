import { formatCount, KitError } from "../../base/mod.ts";
import type { Creator, ModelQuery, UnreadableEntry } from "../../civitai/mod.ts";
import { classifyFailure } from "../../failsafe/mod.ts";
import type { ModelRecord } from "../../library/mod.ts";
import { failureOf, planOrReport } from "./_plan_or_report.ts";
import { isRemoved } from "./removal_notes.ts";
import { hasFiles } from "./removed_parts.ts";
import { isStillUnavailable, requestModel } from "./_request_model.ts";
import { announceRequests } from "./requests/expect_requests.ts";
import { noteUnreadable } from "./report/note_unreadable.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import { planPostedImages } from "./plan_images.ts";
import { planListing, type PlannedListing } from "./_plan_listing.ts";
import { imagesTarget } from "./target_name.ts";
import type { CreatorTarget } from "./plan_target.ts";

/**
 * Plan all models of one creator, and the posted images unless only the models are wanted, and record evidence that the
 * listing was read to its end. If the listing breaks off, the models listed until then and the posted images are still
 * planned.
 */
export async function planCreator(
  context: SettledPlanning,
  { username, only, sort, period }: CreatorTarget,
): Promise<void> {
  const { report, service, onEvent, choice } = context;
  const target = `user:${username}`;
  const creator = await findCreator(context, username);
  const models = Math.min(creator?.modelCount ?? 0, choice.limit ?? Infinity);
  announceRequests(context, { name: target, models, galleries: 0 });
  const query: ModelQuery = {
    username,
    ...(sort === undefined ? {} : { sort }),
    ...(period === undefined ? {} : { period }),
  };
  const scope = { username, period, limit: choice.limit };
  const first = await planListing(context, query);
  // Entries that moved from a page to an earlier one were never seen.
  const isShort = first.failure === null && first.hasShifted &&
    (first.seen < models || nameUnlisted(context, first, scope).length > 0);
  const listing = isShort ? await planListing(context, query, { again: true }) : first;
  const { seen, failure } = listing;
  if (failure === null) await settleUnlisted(context, listing, scope);
  // The creator does not exist, or the name is invalid: there are no images either.
  const isUnknownUser = failure !== null && (failure.code === "usage" || classifyFailure(failure) === "gone");
  if (isUnknownUser) throw failure;
  const apiCount = creator?.modelCount ?? null;
  const unreadable = report.unreadableModels(target);
  const missing = failure === null
    ? explainMissing(apiCount, seen, {
      period,
      limit: choice.limit,
      unreadable,
      unlisted: nameUnlisted(context, listing, scope),
    })
    : "its listing was interrupted";
  const completeness = { apiCount, seen, missing };
  report.addListing(target, completeness);
  onEvent({ type: "listed", target, listing: completeness });
  if (only === undefined && (failure === null || service.hasAnsweredTarget)) await planImages(context, username);
  if (failure !== null) throw failure;
}

/** Plan the posted images of a creator, whose failure leaves the models planned. */
async function planImages(context: SettledPlanning, username: string): Promise<void> {
  const target = imagesTarget(username);
  const failure = await planOrReport(context, target, async () => void await planPostedImages(context, { username }));
  const isListed = failure === null && context.choice.maxImages > 0;
  if (isListed) context.onEvent({ type: "listed", target: target.name });
}

/** Look up a creator to get the number of models; `null` if that fails, since the models can still be listed. */
async function findCreator(context: SettledPlanning, username: string): Promise<Creator | null> {
  const { client, signal, service, onEvent } = context;
  const onUnreadable = (entry: UnreadableEntry) => noteUnreadable(context, `user:${username}`, [entry]);
  try {
    return await client.findCreator(username, { signal, onUnreadable });
  } catch (error) {
    if (service.scopeOf(error) === "run" || !(error instanceof KitError)) throw error;
    onEvent({ type: "warning", message: error.message, ...failureOf(error) });
    return null;
  }
}

/** What a creator's listing was restricted to. */
interface ListingScope {
  readonly username: string;
  readonly period: string | undefined;
  readonly limit: number | null;
}

/** Name the models of the library that the listing of their creator does not have, although the site does. */
function nameUnlisted(...listed: Parameters<typeof findUnlisted>): readonly string[] {
  return findUnlisted(...listed).map(({ id, name }) => `model:${id} (${name})`);
}

/** Ask for each model that the listing does not have by its id, and record as removed what is really gone. */
async function settleUnlisted(
  context: SettledPlanning,
  ...listed: [listing: PlannedListing, scope: ListingScope]
): Promise<void> {
  const { library: { catalog }, service, signal } = context;
  for (const { id } of findUnlisted(context, ...listed)) {
    if (isStillUnavailable(context, id) || !hasFiles(catalog, { type: "model", modelId: id })) continue;
    try {
      await requestModel(context, id, { isNamed: false });
    } catch (error) {
      // The next run asks again.
      if (signal.aborted || service.scopeOf(error) === "run") throw error;
    }
  }
}

/**
 * Find the models of the library that the listing of their creator does not have, unless a limit or period cut it. What
 * is known to be removed was told before.
 */
function findUnlisted(
  { library: { catalog }, report }: SettledPlanning,
  { ids, seen }: PlannedListing,
  { username, period, limit }: ListingScope,
): readonly Pick<ModelRecord, "id" | "name">[] {
  // An entry that cannot be read may be any of them.
  if (report.unreadableModels(`user:${username}`) > 0) return [];
  if (!isWholePeriod(period) || (limit !== null && seen >= limit)) return [];
  return catalog.modelsBy(username)
    .filter(({ id }) => !ids.has(id) && !isRemoved(catalog, { type: "model", modelId: id }));
}

function isWholePeriod(period: string | undefined): boolean {
  return period === undefined || period === "AllTime";
}

interface MissingOptions {
  readonly period: string | undefined;
  readonly limit: number | null;
  readonly unreadable: number;
  /** Models of the library that were not listed. */
  readonly unlisted: readonly string[];
}

function explainMissing(
  apiCount: number | null,
  seen: number,
  options: MissingOptions,
): string | null {
  const { period, limit, unreadable, unlisted } = options;
  if (unreadable > 0) {
    const rest = explainMissing(apiCount, seen + unreadable, { ...options, unreadable: 0 });
    return `${unreadable} cannot be read${rest === null ? "" : `; ${rest}`}`;
  }
  const named = unlisted.length === 0 ? null : `not listed, but in the library: ${nameSome(unlisted)}`;
  // The API may no longer count what it no longer lists, and does not count the models of every creator.
  if (apiCount === null || apiCount <= seen) return named;
  const count = apiCount - seen;
  const absent = formatCount(count, "is", "are");
  if (limit !== null && seen >= limit) return `--limit leaves out ${count}`;
  if (!isWholePeriod(period)) return `${absent} not of the period "${period}"`;
  const why = `${absent} not in the API's listing: archived, unpublished, private or without files`;
  return named === null ? why : `${why}; ${named}`;
}

/** Number of models that are named. */
const MAX_NAMED = 5;

function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(", ");
  return names.length <= MAX_NAMED ? shown : `${shown} and ${names.length - MAX_NAMED} more`;
}
