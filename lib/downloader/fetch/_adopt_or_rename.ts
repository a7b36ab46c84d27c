import { existsSync } from "../../base/mod.ts";
import { join } from "node:path";
import {
  type CatalogItem,
  disambiguate,
  type FileHashes,
  hashFile,
  inspectPicture,
  isMediaFormat,
  matchesHashes,
  MEDIA_FORMATS,
  resolveInside,
  scanPickleFile,
  setAsideCorrupt,
} from "../../library/mod.ts";
import { judgeReading } from "../verify/check_item.ts";
import { forgetDamage, isKnownDamage } from "../verify/broken_marks.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { FetchContext } from "./fetch_context.ts";
import { followFile } from "./_renamed_files.ts";
import { recordDone } from "./_record_done.ts";
import { respellPath } from "../verify/respell_path.ts";
import { statOrNull } from "../verify/stat_or_null.ts";

/**
 * Handle a file at an item's path: adopt it if its content is the item's. If it is still the one that was downloaded
 * before Civitai replaced its content, it stays until the new one takes its name. Give the item another path if the file
 * is somebody else's.
 *
 * @throws {KitError} `unsafe` if the path leads out of the library; nothing is read there
 */
export async function adoptOrRename(context: FetchContext, wanted: CatalogItem): Promise<CatalogItem> {
  const { library: { root, catalog }, knownFolders, signal } = context;
  const item = respellPath(context.library, wanted);
  const path = await resolveInside(root, item.path, { access: "read", knownFolders });
  if (item.kind !== "file") return await settlePicture(context, item);
  // The usual case; a synchronous check is cheaper than a call in another thread.
  if (!existsSync(path)) return await adoptRenamed(context, item);
  const info = await statOrNull(path);
  if (info === null) return await adoptRenamed(context, item);
  if (info.isFile) {
    if (await setAsideDamaged(context, item, info)) return item;
    const actual = await hashFile(path, { signal, extra: needsBlake3(item) ? ["blake3"] : [] });
    const isReplaced = catalog.replacedSha256(item.key) !== null;
    if (matchesHashes(actual, item.hashes) === "match" || (!isReplaced && actual.sha256 === item.sha256)) {
      await warnAboutPickle(context, item);
      return adopt(context, item, actual);
    }
    if (isReplaced && await makesRoom(context, item, { actual, mtimeMs: info.mtime?.getTime() ?? 0 })) return item;
  }
  return useFreePath(context, item);
}

function needsBlake3({ hashes }: CatalogItem): boolean {
  return hashes.SHA256 === undefined && hashes.BLAKE3 !== undefined;
}

/**
 * Whether the new content of a replaced file may take the place of the file on disk: it is the one that was downloaded,
 * or a damaged form of it, which is put aside.
 */
async function makesRoom(
  context: FetchContext,
  item: CatalogItem,
  found: { readonly actual: FileHashes; readonly mtimeMs: number },
): Promise<boolean> {
  const { library, signal, onEvent } = context;
  const { verdict } = await judgeReading(library, { item, reading: { verdict: null, ...found } }, { signal });
  if (verdict !== "corrupt") return verdict === "ok";
  const aside = await setAsideCorrupt(library.root, join(library.root, item.path));
  onEvent({ type: "warning", message: `"${item.path}" was corrupt: moved to "${aside}"` });
  return true;
}

/** Adopt the file of an item under the name that the user gave it, unless Civitai has replaced its content since. */
async function adoptRenamed(context: FetchContext, item: CatalogItem): Promise<CatalogItem> {
  const { library, findRenamed, signal, onEvent } = context;
  if (library.catalog.replacedSha256(item.key) !== null || isFlaggedPath(item.path)) return item;
  const found = await findRenamed(item, signal);
  if (found === null) return item;
  const { path, actual } = found;
  // A version may have many pictures, which move with its folder.
  if (item.kind === "file") {
    onEvent({ type: "warning", message: `"${item.path}" was renamed to "${path}": the catalog follows it` });
  }
  return adopt(context, followFile(library, item, path), actual);
}

function adopt(context: FetchContext, item: CatalogItem, actual: FileHashes): CatalogItem {
  recordDone(context, item, { ...actual, actualBytes: actual.sizeBytes, etag: null, outcome: "already there" });
  return context.library.catalog.item(item.key)!;
}

/** Keep the file at the path, and give the item a free path next to it. */
export function useFreePath(context: FetchContext, item: CatalogItem): CatalogItem {
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

/** Warn about a harmful file that existed before; it belongs to the user and stays. */
async function warnAboutPickle({ library: { root }, signal, onEvent }: FetchContext, item: CatalogItem): Promise<void> {
  if (isFlaggedPath(item.path)) return;
  const { reason } = await scanPickleFile(join(root, item.path), { name: item.path, signal });
  if (reason === null) return;
  onEvent({ type: "warning", message: `"${item.path}" was there before and is kept, but ${reason}` });
}

/**
 * Put aside a file that `verify` found corrupt and that has not been modified since, to make room for an intact one.
 */
async function setAsideDamaged(context: FetchContext, item: CatalogItem, info: Deno.FileInfo): Promise<boolean> {
  const { root, catalog } = context.library;
  const found = { sizeBytes: info.size, mtimeMs: info.mtime?.getTime() ?? 0 };
  if (!isKnownDamage(catalog, item, found)) return false;
  const aside = await setAsideCorrupt(root, join(root, item.path));
  forgetDamage(catalog, item);
  context.onEvent({ type: "warning", message: `"${item.path}" was corrupt: moved to "${aside}"` });
  return true;
}

/**
 * Adopt a picture. Civitai does not publish hashes of pictures, but the id is part of the name: a complete picture with
 * that name is either the item or the user's own. If the catalog has a SHA-256 for the item, only a picture with that
 * hash is adopted.
 */
async function settlePicture(context: FetchContext, item: CatalogItem): Promise<CatalogItem> {
  const { library: { root, catalog } } = context;
  const base = item.path.slice(0, item.path.lastIndexOf(".") + 1);
  for (const path of new Set([item.path, ...MEDIA_FORMATS.map((ext) => `${base}${ext}`)])) {
    const owner = catalog.itemByPath(path);
    const info = owner === null || owner.key === item.key ? await statOrNull(join(root, path)) : null;
    if (info === null || !info.isFile) continue;
    await resolveInside(root, path, { access: "read" });
    if (path === item.path && await setAsideDamaged(context, item, info)) continue;
    const actual = await readPicture(context, item, path);
    if (actual === null) continue;
    if (path !== item.path) catalog.setPath(item.key, path);
    return adopt(context, { ...item, path }, actual);
  }
  return existsSync(join(root, item.path)) ? useFreePath(context, item) : await adoptRenamed(context, item);
}

/**
 * Hash the picture at a path. Return `null` if it is not the item's. A damaged picture, an error page or an empty file
 * is put aside, since it is useless.
 */
async function readPicture(context: FetchContext, item: CatalogItem, path: string): Promise<FileHashes | null> {
  const { library: { root }, signal } = context;
  const full = join(root, path);
  const { format, problem } = await inspectPicture(full);
  if (problem === null) {
    const actual = await hashFile(full, { signal });
    return item.sha256 === null || item.sha256 === actual.sha256 ? actual : null;
  }
  const isBroken = isMediaFormat(format) || format === "html" || format === "json" ||
    (await Deno.stat(full)).size === 0;
  if (isBroken) {
    const aside = await setAsideCorrupt(root, full);
    const message = `"${path}" is not a complete picture: ${problem}; it was moved to "${aside}"`;
    context.onEvent({ type: "warning", message });
  }
  return null;
}
