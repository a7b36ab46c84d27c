import { join } from "node:path";
import {
  type CatalogItem,
  disambiguate,
  type FileHashes,
  hashFile,
  inspectPicture,
  isMediaFormat,
  matchesHashes,
  quarantine,
  resolveInside,
  scanPickleFile,
} from "../../library/mod.ts";
import { forgetDamage, isKnownDamage } from "../verify/broken_marks.ts";
import { existsSync } from "../_exists_sync.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { FetchContext } from "./fetch_context.ts";
import { noteDone } from "./_note_done.ts";
import { statOrNull } from "../verify/stat_or_null.ts";

/**
 * Something that is not ours may stand at the path: take it over if it is the very file, else go beside it.
 *
 * @throws {KitError} `unsafe` if the path leads out of the library; then nothing was read there
 */
export async function settlePath(context: FetchContext, item: CatalogItem): Promise<CatalogItem> {
  const { library: { root }, knownFolders, signal } = context;
  const path = await resolveInside(root, item.path, { access: "read", knownFolders });
  if (item.kind !== "file") return await settlePicture(context, item);
  // Nearly always; to see it at once is cheaper than to ask another thread.
  if (!existsSync(path)) return item;
  const info = await statOrNull(path);
  if (info === null) return item;
  if (info.isFile) {
    if (await putDamagedAside(context, item, info)) return item;
    const actual = await hashFile(path, { signal });
    if (actual.sha256 === item.sha256 || matchesHashes(actual, item.hashes) === "match") {
      await warnOfPickle(context, item);
      return adopt(context, item, actual);
    }
  }
  return goBeside(context, item);
}

function adopt(context: FetchContext, item: CatalogItem, actual: FileHashes): CatalogItem {
  noteDone(context, item, { ...actual, actualBytes: actual.sizeBytes, etag: null, outcome: "already there" });
  return context.library.catalog.item(item.key)!;
}

/** What stands at the path stays; the file from Civitai gets another name. */
function goBeside(context: FetchContext, item: CatalogItem): CatalogItem {
  const { root, catalog } = context.library;
  const free = disambiguate(
    item.path,
    [String(item.fileId ?? item.imageId)],
    (candidate) => catalog.itemByPath(candidate) !== null || existsSync(join(root, candidate)),
  );
  catalog.setPath(item.key, free);
  context.onEvent({
    type: "warning",
    message: `"${item.path}" holds another file: the one from Civitai goes to "${free}"`,
  });
  return catalog.item(item.key)!;
}

/** A file that was there before us is the user's: it is told of, and stays. */
async function warnOfPickle({ library: { root }, signal, onEvent }: FetchContext, item: CatalogItem): Promise<void> {
  if (isFlaggedPath(item.path)) return;
  const { reason } = await scanPickleFile(join(root, item.path), { name: item.path, signal });
  if (reason === null) return;
  onEvent({ type: "warning", message: `"${item.path}" is there and stays where it is, but ${reason}` });
}

/** A file that verify found corrupt and that nobody has touched since makes room for a good one. */
async function putDamagedAside(context: FetchContext, item: CatalogItem, info: Deno.FileInfo): Promise<boolean> {
  const { root, catalog } = context.library;
  const seen = { sizeBytes: info.size, mtimeMs: info.mtime?.getTime() ?? 0 };
  if (!isKnownDamage(catalog, item, seen)) return false;
  const aside = await quarantine(root, join(root, item.path));
  forgetDamage(catalog, item);
  context.onEvent({ type: "warning", message: `"${item.path}" was corrupt: it is now "${aside}"` });
  return true;
}

/**
 * Nobody publishes a picture's hash, but its id is in its name: a whole picture of that name is it, or the user's own.
 * One that was here before is known by the SHA-256 that was noted, and no other is taken for it.
 */
async function settlePicture(context: FetchContext, item: CatalogItem): Promise<CatalogItem> {
  const { library: { root, catalog } } = context;
  const base = item.path.slice(0, item.path.lastIndexOf(".") + 1);
  const endings = ["jpeg", "png", "webp", "gif", "avif", "mp4", "webm", "mp3", "wav"];
  for (const path of new Set([item.path, ...endings.map((ext) => `${base}${ext}`)])) {
    const owner = catalog.itemByPath(path);
    const info = owner === null || owner.key === item.key ? await statOrNull(join(root, path)) : null;
    if (info === null || !info.isFile) continue;
    await resolveInside(root, path, { access: "read" });
    if (path === item.path && await putDamagedAside(context, item, info)) continue;
    const actual = await readPicture(context, item, path);
    if (actual === null) continue;
    if (path !== item.path) catalog.setPath(item.key, path);
    return adopt(context, { ...item, path }, actual);
  }
  return existsSync(join(root, item.path)) ? goBeside(context, item) : item;
}

/** The hashes of the picture that the item is; `null` for any other. A wreck is put aside: nobody can want it there. */
async function readPicture(context: FetchContext, item: CatalogItem, path: string): Promise<FileHashes | null> {
  const { library: { root }, signal } = context;
  const full = join(root, path);
  const { format, problem } = await inspectPicture(full);
  if (problem === null) {
    const actual = await hashFile(full, { signal });
    return item.sha256 === null || item.sha256 === actual.sha256 ? actual : null;
  }
  const isWreck = isMediaFormat(format) || format === "html" || format === "json" || (await Deno.stat(full)).size === 0;
  if (isWreck) {
    const aside = await quarantine(root, full);
    const message = `"${path}" is not a complete picture: ${problem}; it was moved to "${aside}"`;
    context.onEvent({ type: "warning", message });
  }
  return null;
}
