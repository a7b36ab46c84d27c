import { isReachable, statSyncOrNull } from "../../base/mod.ts";

/** Find what is at the path of an item that is fetched, following links; `null` if nothing can be reached there. */
export function occupantOf(path: string): Deno.FileInfo | null {
  return isReachable(path) ? statSyncOrNull(path) : null;
}
