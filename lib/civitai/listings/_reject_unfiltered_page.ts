import { KitError } from "../../base/mod.ts";

/**
 * Throw if a page contains entries but none of them matches the query. The server drops a filter that it does not
 * understand, and then lists everything.
 */
export function rejectUnfilteredPage<T>(items: readonly T[], fits: (item: T) => boolean, what: string): void {
  if (items.length === 0 || items.some(fits)) return;
  throw new KitError("usage", `Cannot ${what}: the server ignores the filter and lists something else`, {
    hint: "Check the spelling on the site",
  });
}
