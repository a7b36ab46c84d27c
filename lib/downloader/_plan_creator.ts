import type { UnreadableEntry } from "../civitai/mod.ts";
import { noteUnreadable } from "./_note_unreadable.ts";
import type { PlanContext } from "./plan_context.ts";
import { planPostedImages } from "./plan_images.ts";
import { planListing } from "./_plan_listing.ts";
import type { CreatorTarget } from "./plan_targets.ts";

/** Plan all of one creator, and prove that the listing was read to its end. */
export async function planCreator(context: PlanContext, { username, sort, period }: CreatorTarget): Promise<void> {
  const { client, signal, report, onEvent, choice } = context;
  const target = `user:${username}`;
  const onUnreadable = (entry: UnreadableEntry) => noteUnreadable(context, target, [entry]);
  const creator = await client.findCreator(username, { signal, onUnreadable });
  const seen = await planListing(context, {
    username,
    ...(sort === undefined ? {} : { sort }),
    ...(period === undefined ? {} : { period }),
  });
  const apiCount = creator?.modelCount ?? null;
  const unreadable = report.unreadableModels(target);
  const missing = explainMissing(apiCount, seen, { period, limit: choice.limit, unreadable });
  const proof = { apiCount, seen, missing };
  report.listing(target, proof);
  onEvent({ type: "listed", target, listing: proof });
  await planPostedImages(context, { username });
}

function explainMissing(
  apiCount: number | null,
  seen: number,
  wish: { readonly period: string | undefined; readonly limit: number | null; readonly unreadable: number },
): string | null {
  const { period, limit, unreadable } = wish;
  if (unreadable > 0) {
    const rest = explainMissing(apiCount, seen + unreadable, { ...wish, unreadable: 0 });
    return `${unreadable} cannot be read${rest === null ? "" : `; ${rest}`}`;
  }
  if (apiCount === null || apiCount <= seen) return null;
  if (limit !== null && seen >= limit) return `--limit leaves out ${apiCount - seen}`;
  if (period !== undefined && period !== "AllTime") return `${apiCount - seen} are not of the period "${period}"`;
  return `${apiCount - seen} are not in the API's listing: archived, unpublished, private or without files`;
}
