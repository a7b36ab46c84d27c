import type { ApiCall } from "../api_call.ts";
import { zodResponse } from "../api_errors.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";
import { matchesModel, type ModelQuery, readModelQuery, shownVersions } from "../query/model_query.ts";
import { nextPageUrl } from "../query/next_page.ts";
import { renderModel } from "../render/render_model.ts";
import type { World } from "../../_world.ts";
import { modelName } from "../../catalog/catalog_names.ts";
import type { CatalogCreator, CatalogModel } from "../../catalog/catalog_model.ts";
import { DEFAULT_PREFERENCE } from "../render/file_preference.ts";

/** The response to a listing whose `page` times `limit` is above 1000. */
export const PAGE_CAP = { error: "You've requested too many pages, please use cursors instead" };

/** A page of models, and the cursor of the next page. */
interface Found {
  readonly models: readonly CatalogModel[];
  readonly nextCursor: string | null;
}

/** `GET /models`: the catalog's models, by page. */
export async function listModels(call: ApiCall): Promise<HttpResponse> {
  const { world, query: raw, isSignedIn, request } = call;
  const isPrivate = raw.get("availability") === "Private" && !raw.has("username");
  if (!isSignedIn && (raw.has("favorites") || raw.has("hidden") || isPrivate)) {
    return jsonResponse(401, { error: "Unauthorized" });
  }
  const query = readModelQuery(call);
  if (!("limit" in query)) return zodResponse(query);
  if (query.text !== null && query.page !== null) {
    return jsonResponse(400, { error: "Cannot use page param with query search. Use cursor-based pagination." });
  }
  if (query.page !== null && query.cursor === null && query.page * query.limit > 1000) {
    return jsonResponse(429, PAGE_CAP);
  }
  const creator = query.username === null ? null : world.catalog.creatorByName(query.username);
  if (query.username !== null && creator === null) return jsonResponse(404, { message: "User not found" });
  const found = query.text === null ? listed(world, query, creator) : searched(world, query, creator);
  if (typeof found === "string") return jsonResponse(400, { message: found });
  const form = {
    form: "list" as const,
    imageLevels: query.levels,
    primaryFileOnly: query.primaryFileOnly,
    preference: isSignedIn ? world.accountPreference : DEFAULT_PREFERENCE,
  };
  // Models without a visible version are dropped after the page is selected, so pages can be short.
  const shown = found.models
    .map((model) => ({ model, versions: shownVersions(query, model) }))
    .filter(({ versions }) => versions.length > 0);
  const items = await Promise.all(shown.map(({ model, versions }) => renderModel(world, model, versions, form)));
  const { nextCursor } = found;
  const next = nextCursor === null ? {} : { nextCursor, nextPage: nextPageUrl(request.url, { cursor: nextCursor }) };
  const paged = query.page === null || query.cursor !== null ? {} : { currentPage: query.page, pageSize: query.limit };
  return jsonResponse(200, { items, metadata: { ...next, ...paged } });
}

/** Return a page in one of the sort orders, or an error message. */
function listed(world: World, query: ModelQuery, creator: CatalogCreator | null): Found | string {
  const { catalog, order } = world;
  const { sort, cursor } = query;
  const own = positionsOf(world, query, creator);
  const rest = order.from(sort, own, cursor);
  if (typeof rest === "string") return rest;
  const models: CatalogModel[] = [];
  for (const index of rest) {
    const model = catalog.modelAt(index);
    if (!catalog.has(index) || !matchesModel(query, model, world.now())) continue;
    if (query.limit === 0) return { models: [model], nextCursor: null };
    if (models.length === query.limit) return { models, nextCursor: order.cursorOf(sort, index) };
    models.push(model);
  }
  return { models, nextCursor: null };
}

/** Return the positions of the models from which a page is taken, in the sort order of the query. */
function positionsOf({ catalog, order }: World, query: ModelQuery, creator: CatalogCreator | null): Uint32Array {
  const { sort, ids } = query;
  if (creator !== null) {
    return order.sort(sort, Uint32Array.from([...catalog.modelsOf(creator)], (model) => model.index));
  }
  return ids.length === 0 ? order.indexes(sort) : order.sort(sort, knownIndexes(catalog, ids));
}

/**
 * Return the positions of the models that exist, without duplicates. This avoids a search through the whole catalog.
 */
function knownIndexes(catalog: World["catalog"], ids: readonly number[]): Uint32Array {
  const found = [...new Set(ids)].map((id) => catalog.model(id)?.index).filter((index) => index !== undefined);
  return Uint32Array.from(found);
}

/**
 * Return a page of a text search, or an error message. The search filters by type and maturity; all other filters apply
 * only to the hits on the page.
 */
function searched(world: World, query: ModelQuery, creator: CatalogCreator | null): Found | string {
  const { catalog } = world;
  const cursor = query.cursor ?? "0";
  if (!/^\d+$/.test(cursor)) return `Invalid cursor: "${cursor}" is no offset`;
  const offset = Number(cursor);
  const text = query.text!.toLowerCase();
  const hits: CatalogModel[] = [];
  const limit = Math.max(1, query.limit);
  for (let index = 0; index < catalog.settled.models && hits.length <= offset + limit; index++) {
    if (!catalog.has(index) || !modelName(catalog.settled, index).toLowerCase().includes(text)) continue;
    const model = catalog.modelAt(index);
    if (model.mode === "Archived" || (model.nsfwLevel & query.levels) === 0) continue;
    if (query.types.length === 0 || query.types.includes(model.type)) hits.push(model);
  }
  const page = hits.slice(offset, offset + limit).filter((model) =>
    matchesModel(query, model, world.now()) && (creator === null || model.creator?.index === creator.index)
  );
  const hasMore = query.limit > 0 && hits.length > offset + limit;
  return { models: page, nextCursor: hasMore ? `${offset + limit}` : null };
}
