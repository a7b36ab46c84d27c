/**
 * Name the route of a URL: its path, with ids and hashes replaced by `{id}`, so that a metric has few labels.
 *
 * @param url URL of the API
 * @returns A route such as `/api/v1/models/{id}`; `other` for a string that is no URL
 */
export function routeOf(url: string): string {
  const path = URL.parse(url)?.pathname;
  if (path === undefined) return "other";
  return path.split("/").map((word) => /^\d+$|^[0-9a-f]{8,}$/i.test(word) ? "{id}" : word).join("/");
}
