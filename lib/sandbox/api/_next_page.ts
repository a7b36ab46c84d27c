import { CANONICAL_ORIGIN } from "../_world.ts";

/** The address of the next page: the same query with a cursor, under the canonical name of the service. */
export function nextPageUrl(url: URL, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(url.search);
  for (const name of ["token", "cursor"]) query.delete(name);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `${CANONICAL_ORIGIN}${url.pathname}?${query}`;
}
