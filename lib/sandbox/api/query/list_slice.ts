import type { ApiCall } from "../api_call.ts";
import { type Issue, readNumber } from "../api_errors.ts";

/** The requested part of a list. */
export interface ListSlice {
  readonly limit: number;
  readonly page: number;
  readonly text: string | null;
}

/** Parse the parameters `limit`, `page` and `query`. Return the issues if they are invalid. */
export function readListSlice(call: ApiCall): ListSlice | readonly Issue[] {
  const { query } = call;
  const issues: Issue[] = [];
  const limit = readNumber(query, "limit", { min: 1, max: 200 }, issues) ?? 20;
  const page = readNumber(query, "page", { min: 1, max: 1_000_000 }, issues) ?? 1;
  return issues.length > 0 ? issues : { limit, page, text: query.get("query") };
}
