import { openLibrary } from "../../lib/downloader/mod.ts";
import type { ItemTotals } from "../../lib/library/mod.ts";

/** Read the totals of a library's catalog, for a status. */
export async function readTotals(root: string): Promise<ItemTotals> {
  using library = await openLibrary(root, { command: "monitor", mustExist: true, readOnly: true });
  return await library.catalog.totalsInTurns();
}
