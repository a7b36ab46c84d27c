import { existsSync, statOrNull } from "../../base/mod.ts";
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
import { occupantOf } from "./_occupant_of.ts";
import { judgeReading } from "../verify/check_item.ts";
import { type FileStat, forgetDamage, isKnownDamage } from "../verify/broken_marks.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { ItemTerms, SettledFetch } from "../settled_fetch.ts";
import { followRename } from "./renamed_files.ts";
import { recordDone } from "./_record_done.ts";
import { respellPath } from "../verify/respell_path.ts";

/** An item whose path is settled. */
export interface SettledItem {
  /** The row; done if its file was adopted. */
  readonly item: CatalogItem;
  /** Damaged files that stay until the whole file takes their place. */
  readonly damaged: readonly DamagedFile[];
}

/** A damaged file of an item; useless, and yet all that the library has until the item is fetched. */
export interface DamagedFile {
  /** Path relative to the library. */
  readonly path: string;
  /** What is wrong with it; the path and this make a sentence. */
  readonly problem: string;
}

/**
 * Settle the path of an item before it is fetched. A file at the path is adopted if its content is the item's. It gives
 * way later, when the right content is there, if it is a damaged file of the item, or its content from before Civitai
 * replaced it. Any other file is somebody else's, and the item gets another path.
 *
 * @throws {KitError} `unsafe` if the path leads out of the library; nothing is read there
 */
export async function adoptOrRename(
  context: SettledFetch,
  wanted: CatalogItem,
  terms: ItemTerms,
): Promise<SettledItem> {
  const { library: { root, catalog }, knownFolders } = context;
  const { signal } = terms;
  const item = respellPath(context.library, wanted);
  const path = await resolveInside(root, item.path, { access: "read", knownFolders });
  if (item.kind !== "file") return await settlePicture(context, item, terms);
  const info = occupantOf(path);
  if (info === null) return undamaged(await adoptRenamed(context, item, terms));
  if (info.isFile) {
    const actual = await hashFile(path, { signal, extra: needsBlake3(item) ? ["blake3"] : [] });
    const isReplaced = catalog.replacedSha256(item.key) !== null;
    const isAsPublished = matchesHashes(actual, item.hashes) === "match";
    const isAsDownloaded = actual.sha256 === item.sha256;
    if (isAsPublished || (isAsDownloaded && !isReplaced)) {
      await warnAboutPickle(context, item, terms);
      return undamaged(adopt(context, item, actual));
    }
    // The catalog knows the old content of a replaced item, and recognizes it whole or damaged.
    const reading = { verdict: null, actual, mtimeMs: statOf(info).mtimeMs };
    const oldContent = isReplaced ? (await judgeReading(context.library, { item, reading }, { signal })).verdict : null;
    if (oldContent === "ok") return undamaged(item);
    const isDamaged = oldContent === "corrupt" || isKnownDamage(catalog, item, statOf(info));
    if (isDamaged) return { item, damaged: [wasCorrupt(item)] };
  }
  return undamaged(useFreePath(context, item, terms));
}

function undamaged(item: CatalogItem): SettledItem {
  return { item, damaged: [] };
}

function wasCorrupt({ path }: CatalogItem): DamagedFile {
  return { path, problem: "was corrupt" };
}

function statOf(info: Deno.FileInfo): FileStat {
  return { sizeBytes: info.size, mtimeMs: info.mtime?.getTime() ?? 0 };
}

/**
 * Move the damaged files of an item to `corrupted/`; call it when the whole file is verified, so that a failure to get
 * it leaves them where they are.
 *
 * @returns Path of the last one; `null` if there was none
 */
export async function setAsideDamaged(
  { library: { root, catalog } }: SettledFetch,
  { item, damaged }: SettledItem,
  { onEvent }: Pick<ItemTerms, "onEvent">,
): Promise<string | null> {
  let last: string | null = null;
  for (const { path, problem } of damaged) {
    last = await setAsideCorrupt(root, join(root, path));
    onEvent({ type: "warning", message: `"${path}" ${problem}; it was moved to "${last}"` });
  }
  if (damaged.length > 0) forgetDamage(catalog, item);
  return last;
}

function needsBlake3({ hashes }: CatalogItem): boolean {
  return hashes.SHA256 === undefined && hashes.BLAKE3 !== undefined;
}

/** Adopt the file of an item under the name that the user gave it, unless Civitai has replaced its content since. */
async function adoptRenamed(
  context: SettledFetch,
  item: CatalogItem,
  { signal, onEvent }: ItemTerms,
): Promise<CatalogItem> {
  const { library, renamed } = context;
  if (library.catalog.replacedSha256(item.key) !== null) return item;
  // A flagged file stays in quarantine: a copy elsewhere is not taken for it.
  if (isFlaggedPath(item.path)) return item;
  const found = await renamed.find(item, signal);
  if (found === null) return item;
  const { path, actual } = found;
  // No warning for pictures: a version may have many, which move with its folder.
  if (item.kind === "file") {
    onEvent({ type: "warning", message: `"${item.path}" was renamed to "${path}": the catalog follows it` });
  }
  return adopt(context, followRename(library, item, path), actual);
}

function adopt(context: SettledFetch, item: CatalogItem, actual: FileHashes): CatalogItem {
  recordDone(context, item, { ...actual, actualBytes: actual.sizeBytes, etag: null, outcome: "already there" });
  forgetDamage(context.library.catalog, item);
  return context.library.catalog.item(item.key)!;
}

/** Keep the file at the path, and give the item a free path next to it. */
export function useFreePath(
  { library: { root, catalog } }: SettledFetch,
  item: CatalogItem,
  { onEvent }: Pick<ItemTerms, "onEvent">,
): CatalogItem {
  const free = disambiguate(
    item.path,
    [String(item.fileId ?? item.imageId)],
    (candidate) => catalog.itemByPath(candidate) !== null || existsSync(join(root, candidate)),
  );
  catalog.setPath(item.key, free);
  onEvent({
    type: "warning",
    message: `"${item.path}" holds another file: the one from Civitai goes to "${free}"`,
  });
  return catalog.item(item.key)!;
}

/** Warn about a harmful file that existed before; it belongs to the user and stays. */
async function warnAboutPickle(
  { library: { root } }: SettledFetch,
  item: CatalogItem,
  { signal, onEvent }: ItemTerms,
): Promise<void> {
  if (isFlaggedPath(item.path)) return;
  const { reason } = await scanPickleFile(join(root, item.path), { name: item.path, signal });
  if (reason === null) return;
  onEvent({ type: "warning", message: `"${item.path}" was there before and is kept, but ${reason}` });
}

/**
 * Adopt a picture. Civitai does not publish hashes of pictures, but the id is part of the name: a complete picture with
 * that name is either the item or the user's own. If the catalog has a SHA-256 for the item, only a picture with that
 * hash is adopted.
 */
async function settlePicture(context: SettledFetch, item: CatalogItem, terms: ItemTerms): Promise<SettledItem> {
  const { library: { root, catalog } } = context;
  const damaged: DamagedFile[] = [];
  const base = item.path.slice(0, item.path.lastIndexOf(".") + 1);
  for (const path of new Set([item.path, ...MEDIA_FORMATS.map((ext) => `${base}${ext}`)])) {
    const owner = catalog.itemByPath(path);
    const info = owner === null || owner.key === item.key ? await statOrNull(join(root, path)) : null;
    if (info === null || !info.isFile) continue;
    await resolveInside(root, path, { access: "read" });
    const found = await readPicture(context, { ...item, path }, terms);
    if (found === null) {
      const isDamaged = path === item.path && isKnownDamage(catalog, item, statOf(info));
      if (isDamaged) damaged.push(wasCorrupt(item));
      continue;
    }
    if ("problem" in found) {
      damaged.push(found);
      continue;
    }
    await setAsideDamaged(context, { item, damaged }, terms);
    if (path !== item.path) catalog.setPath(item.key, path);
    return undamaged(adopt(context, { ...item, path }, found));
  }
  // A damaged file gives way to the picture.
  const isFree = damaged.some(({ path }) => path === item.path) || !existsSync(join(root, item.path));
  if (!isFree) return { item: useFreePath(context, item, terms), damaged };
  if (damaged.length > 0) return { item, damaged };
  return undamaged(await adoptRenamed(context, item, terms));
}

/**
 * Hash the picture at a path. Return `null` if it is not the item's. A damaged picture, an error page or an empty file
 * is useless, so it gives way.
 */
async function readPicture(
  { library: { root } }: SettledFetch,
  { path, sha256 }: Pick<CatalogItem, "path" | "sha256">,
  { signal }: Pick<ItemTerms, "signal">,
): Promise<FileHashes | DamagedFile | null> {
  const full = join(root, path);
  const { format, problem } = await inspectPicture(full);
  if (problem === null) {
    const actual = await hashFile(full, { signal });
    return sha256 === null || sha256 === actual.sha256 ? actual : null;
  }
  const isBroken = isMediaFormat(format) || format === "html" || format === "json" ||
    (await Deno.stat(full)).size === 0;
  return isBroken ? { path, problem: `is not a complete picture: ${problem}` } : null;
}
