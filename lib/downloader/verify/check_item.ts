import { KitError, statOrNull, statSyncOrNull } from "../../base/mod.ts";
import { classifyFailure } from "../../failsafe/mod.ts";
import {
  type CatalogItem,
  type DoneFacts,
  hashFile,
  isInnerPath,
  type ReaderThreads,
  resolveInside,
} from "../../library/mod.ts";
import { dirname, join } from "node:path";
import { describeKnownDamage, type FileStat, isKnownDamage, wasDone } from "./broken_marks.ts";
import { findClues } from "./_find_clues.ts";
import { judgeContent } from "./_judge_content.ts";
import type { ContentFacts, ContentVerdict } from "./_content_facts.ts";
import type { Library } from "../open_library.ts";

/** Options of {@linkcode checkItem}. */
export interface CheckItemOptions {
  /** Whether to read and hash the bytes, instead of comparing only size and date. */
  readonly deep: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Hashes files in other threads; without it, files are hashed in this thread. */
  readonly threads?: ReaderThreads | undefined;
  /** Folders of the library that passed the path check before; new ones are added. */
  readonly knownFolders?: Set<string> | undefined;
}

/** The verdict about an item, and what to record about it. */
export interface Finding extends ContentVerdict {
  /** Facts about an `ok` file that the catalog lacks; `null` when there is nothing to record. */
  readonly news: DoneFacts | null;
  /** Size and date of the file, if its bytes were read or its damage was known before; otherwise `null`. */
  readonly seen: FileStat | null;
}

/**
 * The result of reading an item: a final verdict, or bytes that {@linkcode judgeReading} judges in catalog order, since
 * the verdict on one item may depend on another.
 */
export type ItemReading = Finding | ItemBytes;

/** Digests of an item's file, not judged yet. */
interface ItemBytes {
  readonly verdict: null;
  readonly actual: ContentFacts["actual"];
  readonly mtimeMs: number;
}

/** Check whether the file of an item is what the catalog recorded. Changes nothing. */
export async function checkItem(library: Library, item: CatalogItem, options: CheckItemOptions): Promise<Finding> {
  return await judgeReading(library, { item, reading: await readItem(library, item, options) }, options);
}

/** The part of {@linkcode checkItem} that may run for several items concurrently. */
export async function readItem(library: Library, item: CatalogItem, options: CheckItemOptions): Promise<ItemReading> {
  const { root } = library;
  const found = findFast(root, item, options.knownFolders) ?? await findSafely(root, item, options.knownFolders);
  if (found instanceof KitError) return finding("unreadable", `it was not checked: ${found.message}`);
  if (found === null) return await missing(root);
  const { path, info } = found;
  if (!info.isFile) return finding("changed", "it is no longer a regular file");
  const mtimeMs = info.mtime?.getTime() ?? 0;
  if (!options.deep) return judgeByStat(library, item, { sizeBytes: info.size, mtimeMs });
  const actual = await readThrough(path, item, options);
  if (actual === null) return await missing(root);
  if (typeof actual === "string") return finding("unreadable", actual);
  return { verdict: null, actual, mtimeMs };
}

/** The part of {@linkcode checkItem} that also reads other items of the catalog, so it must run in order. */
export async function judgeReading(
  library: Library,
  { item, reading }: { readonly item: CatalogItem; readonly reading: ItemReading },
  options: Pick<CheckItemOptions, "signal">,
): Promise<Finding> {
  if (reading.verdict !== null) return reading;
  const { catalog } = library;
  const { actual, mtimeMs } = reading;
  const seen = { sizeBytes: actual.sizeBytes, mtimeMs };
  const facts = { item, blocks: catalog.blocks(item.key), actual, isDated: mtimeMs !== item.mtimeMs };
  const judged = judgeContent({ ...facts, clues: await findClues(library, facts, options) });
  // A swap is no longer recognized when the other file is back at its path, but this file is still damaged.
  const isKnownBad = judged.verdict === "changed" && isKnownDamage(catalog, item, seen);
  if (isKnownBad) return { ...judged, verdict: "corrupt", reason: describeKnownDamage(item), news: null, seen };
  const isKnown = item.state === "done" && item.sha256 !== null && facts.blocks !== null && !facts.isDated &&
    actual.sizeBytes === item.actualBytes;
  // The old content of a replaced file is sound, but the item is done only with the new one.
  const isReplaced = catalog.replacedSha256(item.key) !== null;
  if (judged.verdict !== "ok" || isKnown || isReplaced) return { ...judged, news: null, seen };
  return { ...judged, news: { ...restored(item), ...actual, actualBytes: actual.sizeBytes, mtimeMs }, seen };
}

interface FoundFile {
  readonly path: string;
  readonly info: Deno.FileInfo;
}

/**
 * Find a file in a folder that passed the path check before. The synchronous call takes a tenth of the time of an
 * asynchronous one. Returns `undefined` when the full check must decide: the folder is new, or the path is a link or
 * cannot be read.
 */
function findFast(root: string, item: CatalogItem, knownFolders: Set<string> | undefined): FoundFile | undefined {
  if (!knownFolders?.has(join(root, dirname(item.path))) || !isInnerPath(item.path)) return undefined;
  const path = join(root, item.path);
  try {
    const info = Deno.lstatSync(path);
    return info.isSymlink ? undefined : { path, info };
  } catch {
    // The full check reports why.
    return undefined;
  }
}

async function findSafely(
  root: string,
  item: CatalogItem,
  knownFolders: Set<string> | undefined,
): Promise<FoundFile | KitError | null> {
  const path = await pathInside(root, item, knownFolders);
  if (path instanceof KitError) return path;
  const info = statSyncOrNull(path);
  return info === null ? null : { path, info };
}

/** Resolve the path of an item; a tampered catalog must not make the program read files outside of the library. */
async function pathInside(
  root: string,
  item: CatalogItem,
  knownFolders: Set<string> | undefined,
): Promise<string | KitError> {
  try {
    return await resolveInside(root, item.path, { access: "read", knownFolders });
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return error;
  }
}

function finding(verdict: ContentVerdict["verdict"], reason: string | null, seen: FileStat | null = null): Finding {
  return { verdict, reason, badBlocks: [], news: null, seen };
}

/** Judge a file by size and date alone. Damage that a deep check found counts as long as both are unchanged. */
function judgeByStat({ catalog }: Library, item: CatalogItem, actual: FileStat): Finding {
  const { actualBytes, mtimeMs } = item;
  if (isKnownDamage(catalog, item, actual)) return finding("corrupt", describeKnownDamage(item), actual);
  if (actualBytes === null) return finding("unverified", "no size was recorded");
  if (actual.sizeBytes !== actualBytes) {
    return finding("changed", `its size is ${actual.sizeBytes} bytes, expected ${actualBytes}`);
  }
  if (actual.mtimeMs !== mtimeMs) return finding("changed", "its modification time has changed");
  if (!wasDone(item) || catalog.replacedSha256(item.key) !== null) return finding("ok", null);
  return { ...finding("ok", null), news: { ...restored(item), sha256: item.sha256, actualBytes, mtimeMs } };
}

/** Facts of the catalog that stay unchanged when a file turns out to be ok. */
function restored(item: CatalogItem): Pick<DoneFacts, "etag" | "outcome"> {
  return { etag: item.etag, outcome: item.state === "done" ? item.outcome : "already there" };
}

/**
 * Whether the SHA-256 of a file is known, recorded or published. Otherwise, published hashes of other kinds decide, which
 * {@linkcode ReaderThreads} do not compute.
 */
export function hasSha256({ sha256, hashes }: CatalogItem): boolean {
  return sha256 !== null || hashes.SHA256 !== undefined;
}

/** Hash a file. Return `null` if it has disappeared, and the reason if it cannot be read. */
async function readThrough(
  path: string,
  item: CatalogItem,
  options: CheckItemOptions,
): Promise<ContentFacts["actual"] | string | null> {
  const { signal, onBytes, threads } = options;
  const needsBlake3 = !hasSha256(item) && item.hashes.BLAKE3 !== undefined;
  try {
    if (threads !== undefined && hasSha256(item)) return await threads.hash(path, { signal, onBytes });
    return await hashFile(path, { signal, onBytes, extra: needsBlake3 ? ["blake3"] : [] });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof Deno.errors.NotFound) return null;
    if (!(error instanceof Error) || classifyFailure(error) !== "disk") throw error;
    return `it cannot be read: ${error.message.replace(/: (?:open|read)[^:]* '.*$/, "")}`;
  }
}

/** Report a missing file, but fail if the library is gone: an unmounted disk must not mark every item as missing. */
async function missing(root: string): Promise<Finding> {
  if (await statOrNull(root) !== null) return finding("missing", "it is gone");
  throw new KitError("unsafe", `Cannot check library "${root}": the folder is gone`, {
    hint: "Mount the disk again; no item was marked as missing",
  });
}
