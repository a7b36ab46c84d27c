/**
 * Name the route of an address: its path, with what tells one thing from another replaced, so that there are few routes.
 *
 * @param url Of the API
 * @returns Such as `/api/v1/models/{id}`; `other` for what is no address
 */
export function routeOf(url: string): string {
  const path = URL.parse(url)?.pathname;
  if (path === undefined) return "other";
  return path.split("/").map((word) => /^\d+$|^[0-9a-f]{8,}$/i.test(word) ? "{id}" : word).join("/");
}
