import { join } from "node:path";
import { type CatalogItem, disambiguate, hashFile, matchesHashes, quarantine, sniffImage } from "../library/mod.ts";
import { existsSync } from "./_exists_sync.ts";
import type { FetchContext } from "./fetch_context.ts";
import { noteDone } from "./_note_done.ts";
import { readHead } from "./_read_head.ts";
import { statOrNull } from "./_stat_or_null.ts";

/** Something that is not ours may stand at the path: take it over if it is the very file, else go beside it. */
export async function settlePath(context: FetchContext, item: CatalogItem): Promise<CatalogItem> {
  const { library: { root, catalog }, signal } = context;
  if (item.kind !== "file") return await adoptImage(context, item);
  const path = join(root, item.path);
  const info = await statOrNull(path);
  if (info === null) return item;
  if (info.isFile) {
    if (await putDamagedAside(context, item, info)) return item;
    const actual = await hashFile(path, { signal });
    if (actual.sha256 === item.sha256 || matchesHashes(actual, item.hashes) === "match") {
      await noteDone(context, item, { ...actual, actualBytes: actual.sizeBytes, etag: null, outcome: "already there" });
      return catalog.item(item.key)!;
    }
  }
  const free = disambiguate(
    item.path,
    [String(item.fileId)],
    (candidate) => catalog.itemByPath(candidate) !== null || existsSync(join(root, candidate)),
  );
  catalog.setPath(item.key, free);
  context.onEvent({
    type: "warning",
    message: `"${item.path}" holds another file: the one from Civitai goes to "${free}"`,
  });
  return catalog.item(item.key)!;
}

/** A file that verify found corrupt and that nobody has touched since makes room for a good one. */
async function putDamagedAside(context: FetchContext, item: CatalogItem, info: Deno.FileInfo): Promise<boolean> {
  const isOurs = info.size === item.actualBytes && info.mtime?.getTime() === item.mtimeMs;
  if (item.outcome !== "corrupt" || !isOurs) return false;
  const { root } = context.library;
  const aside = await quarantine(root, join(root, item.path));
  context.onEvent({ type: "warning", message: `"${item.path}" was corrupt: it is now "${aside}"` });
  return true;
}

/** Nobody publishes an image's hash, but its id is in its name: a whole picture of that name is it, or the user's own. */
async function adoptImage(context: FetchContext, item: CatalogItem): Promise<CatalogItem> {
  const { library: { root, catalog } } = context;
  const base = item.path.slice(0, item.path.lastIndexOf(".") + 1);
  for (const ext of new Set([item.path.slice(base.length), "jpeg", "png", "webp", "gif", "mp4", "webm"])) {
    const path = `${base}${ext}`;
    const owner = catalog.itemByPath(path);
    const info = owner === null || owner.key === item.key ? await statOrNull(join(root, path)) : null;
    if (info?.isFile && await putDamagedAside(context, item, info)) return item;
    if (info === null || !info.isFile || sniffImage(await readHead(join(root, path))) === null) continue;
    if (path !== item.path) catalog.setPath(item.key, path);
    await noteDone(context, { ...item, path }, {
      sha256: null,
      actualBytes: info.size,
      etag: null,
      outcome: "already there",
    });
    return catalog.item(item.key)!;
  }
  return item;
}
