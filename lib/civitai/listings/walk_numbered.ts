import type { ApiCall, Requester } from "../requests/requester.ts";

/** Options of {@linkcode walkNumbered}. */
interface WalkNumberedOptions<T> {
  readonly maxPages: number;
  readonly parse: (json: unknown) => T;
}

/** Walk one of the older listings, /creators or /tags, by page number. The caller detects the end. */
export async function* walkNumbered<T>(
  requester: Requester,
  call: ApiCall,
  options: WalkNumberedOptions<T>,
): AsyncGenerator<T, void, undefined> {
  const { maxPages, parse } = options;
  for (let page = 1; page <= maxPages; page++) {
    const query = new URLSearchParams(call.query);
    query.set("limit", "200");
    query.set("page", String(page));
    yield await requester.json({ ...call, query }, parse);
  }
}
