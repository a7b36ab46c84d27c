import { CANONICAL_ORIGIN } from "../../_world.ts";

/**
 * Build the URL of another page: the same query with some parameters changed and without the token, at the canonical
 * origin of the service.
 */
export function nextPageUrl(url: URL, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(url.search);
  for (const name of ["token", "cursor"]) query.delete(name);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `${CANONICAL_ORIGIN}${url.pathname}?${query}`;
}
