import type { ApiCall } from "../api_call.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";
import { readListSlice } from "../query/list_slice.ts";
import { TAG_NAMES } from "../../catalog/names.ts";
import { CANONICAL_ORIGIN } from "../../_world.ts";

/** `GET /tags`: nothing is counted, and there is never a next page. */
export function listTags(call: ApiCall): HttpResponse {
  const slice = readListSlice(call);
  if (!("limit" in slice)) return jsonResponse(400, { error: slice });
  const { limit, page, text } = slice;
  const names = TAG_NAMES.filter((name) => text === null || name.startsWith(text.toLowerCase()));
  const shown = names.slice((page - 1) * limit, page * limit);
  return jsonResponse(200, {
    items: shown.map((name) => ({ name, link: `${CANONICAL_ORIGIN}/api/v1/models?tag=${name}` })),
    metadata: { totalItems: 0, currentPage: page, pageSize: limit, totalPages: 1 },
  });
}
