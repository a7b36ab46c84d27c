/**
 * Name the route of a URL: its path, with ids and hashes replaced by `{id}`, so that a metric has few label values.
 *
 * @param url URL of the API
 * @returns A route such as `/api/v1/models/{id}`; `other` for a string that is not a URL
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { routeOf } from "@civitai-dl/civitai-dl/downloader";
 *
 * assertEquals(routeOf("https://civitai.com/api/v1/models/123?nsfw=true"), "/api/v1/models/{id}");
 * ```
 */
export function routeOf(url: string): string {
  const path = URL.parse(url)?.pathname;
  if (path === undefined) return "other";
  return path.split("/").map((word) => /^\d+$|^[0-9a-f]{8,}$/i.test(word) ? "{id}" : word).join("/");
}
