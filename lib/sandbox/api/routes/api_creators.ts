import type { ApiCall } from "../api_call.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";
import { readListSlice } from "../query/list_slice.ts";
import { nextPageUrl } from "../query/next_page.ts";
import { usernameValue } from "../render/render_image.ts";
import { CANONICAL_ORIGIN } from "../../_world.ts";

/** `GET /creators`: with totals; one creator has no name. */
export function listCreators(call: ApiCall): HttpResponse {
  const slice = readListSlice(call);
  if (!("limit" in slice)) return jsonResponse(400, { error: slice });
  const { limit, page, text } = slice;
  const { catalog } = call.world;
  const named = [...catalog.creators()].filter(({ username }) =>
    text === null || username.toLowerCase().includes(text.toLowerCase())
  );
  const rows: Record<string, unknown>[] = named.map((creator) => ({
    username: usernameValue(creator.username),
    ...(creator.index % 5 === 2 ? {} : { modelCount: catalog.countOf(creator) }),
    link: `${CANONICAL_ORIGIN}/api/v1/models?username=${creator.username}`,
  }));
  if (text === null) {
    rows.push({ username: null, modelCount: 1, link: `${CANONICAL_ORIGIN}/api/v1/models?username=null` });
  }
  const hasMore = rows.length > page * limit;
  // A search does not count all results.
  const totalItems = text === null ? rows.length : Math.min(rows.length, page * limit + (hasMore ? 1 : 0));
  return jsonResponse(200, {
    items: rows.slice((page - 1) * limit, page * limit),
    metadata: {
      totalItems,
      currentPage: page,
      pageSize: limit,
      totalPages: Math.ceil(totalItems / limit),
      ...(text === null ? {} : { hasMore }),
      ...(hasMore ? { nextPage: nextPageUrl(call.request.url, { page: `${page + 1}` }) } : {}),
      ...(page > 1 ? { prevPage: nextPageUrl(call.request.url, { page: `${page - 1}` }) } : {}),
    },
  });
}
