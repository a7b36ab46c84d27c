import { join } from "node:path";
import type { CatalogItem, DoneFacts } from "../library/mod.ts";
import type { FetchContext } from "./fetch_context.ts";

/** Note in the catalog that an item stands at its path, with the date that it has there. */
export async function noteDone(
  context: FetchContext,
  item: CatalogItem,
  facts: Omit<DoneFacts, "mtimeMs">,
): Promise<void> {
  const { root, catalog } = context.library;
  const { mtime } = await Deno.stat(join(root, item.path));
  const { sha256, actualBytes, etag, outcome, blocks } = facts;
  catalog.transaction(() => {
    catalog.markDone(item.key, { sha256, actualBytes, etag, outcome, blocks, mtimeMs: mtime?.getTime() ?? 0 });
    context.links?.forget(item.key);
  });
}
