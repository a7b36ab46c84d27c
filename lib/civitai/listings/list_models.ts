import { isSameUsername } from "../_is_same_username.ts";
import { rejectUnfilteredPage } from "./_reject_unfiltered_page.ts";
import type { Requester } from "../requests/requester.ts";
import { walkPages } from "./_walk_pages.ts";
import type { Model, Page } from "../shapes/entities.ts";
import type { ListOptions } from "./list_options.ts";
import { type ModelQuery, modelSearchParams } from "./model_query.ts";
import { parseModelPage } from "../shapes/parse_model_page.ts";

/** Walk /models, and keep only models with the tag and the creator of the query. */
export function listModels(requester: Requester, query: ModelQuery, options: ListOptions): AsyncIterable<Page<Model>> {
  const { signal } = options;
  const parameters = modelSearchParams(query);
  const what = describe(query);
  const fits = (model: Model): boolean => isByUser(model, query.username) && hasTag(model, query.tag);
  let isChecked = false;
  return walkPages(async (cursor) => {
    const search = new URLSearchParams(parameters);
    if (cursor !== null) search.set("cursor", cursor);
    const page = await requester.json(
      { what, path: "/api/v1/models", query: search, lane: "model", signal },
      parseModelPage,
    );
    if (!isChecked) rejectUnfilteredPage(page.items, fits, what);
    isChecked ||= page.items.length > 0;
    return page;
  }, { ...options, what, fits });
}

function isByUser(model: Model, username: string | undefined): boolean {
  return username === undefined || model.creator === null || isSameUsername(model.creator, username);
}

function hasTag(model: Model, tag: string | undefined): boolean {
  return tag === undefined || model.tags.some((name) => name.toLowerCase() === tag.trim().toLowerCase());
}

function describe(query: ModelQuery): string {
  const by = query.username === undefined ? "" : ` of user "${query.username}"`;
  const tagged = query.tag === undefined ? "" : ` with tag "${query.tag}"`;
  return `list models${by}${tagged}`;
}
