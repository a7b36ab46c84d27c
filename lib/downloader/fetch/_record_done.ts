import { join } from "node:path";
import type { CatalogItem, DoneFacts } from "../../library/mod.ts";
import type { SettledFetch } from "../settled_fetch.ts";

/** Record in the catalog that an item's file is at its path, with the file's modification time, and forget its link. */
export function recordDone(context: SettledFetch, item: CatalogItem, facts: Omit<DoneFacts, "mtimeMs">): void {
  const { root, catalog } = context.library;
  const mtimeMs = readMtime(join(root, item.path));
  const { sha256, actualBytes, etag, outcome, blocks } = facts;
  catalog.markDone(item.key, { sha256, actualBytes, etag, outcome, blocks, mtimeMs });
  context.links.forget(item.key);
}

function readMtime(path: string): number {
  return Deno.statSync(path).mtime?.getTime() ?? 0;
}
