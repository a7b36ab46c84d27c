import { join } from "node:path";
import { classifyFailure } from "../../failsafe/mod.ts";
import { type CatalogItem, FileHashers, type ItemKind, type PickleScan, scanPickleFile } from "../../library/mod.ts";
import { badRanges } from "./_bad_ranges.ts";
import { isBroken, isMarkedBroken, markBroken } from "./broken_marks.ts";
import { type Finding, type ItemReading, judgeReading, readItem } from "./_check_item.ts";
import { findStrays } from "./_find_strays.ts";
import { inOrder } from "./_in_order.ts";
import { TimeSlices } from "./_time_slices.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { Library } from "../open_library.ts";

/**
 * What a file on disk is, against what the catalog noted when it was done.
 *
 * - `changed`: another size, date or content, as if somebody had worked on it: never overwritten, only put aside
 * - `corrupt`: read, and its bytes are not what they were, without a sign that somebody meant it; or no whole picture
 * - `flagged`: it is the published file, but it would import something that is not known to be harmless, or its imports
 *   cannot be determined; it stays as it is
 * - `unreadable`: the file system refuses to open it, or its path leads out of the library: nothing is known of it
 * - `unverified`: nothing is known that it could be compared with
 */
export type FileVerdict = "ok" | "missing" | "changed" | "corrupt" | "flagged" | "unreadable" | "unverified";

/** A run of adjacent bad blocks of 16 MiB. */
export interface BadRange {
  /** Index of its first block. */
  readonly firstBlock: number;
  /** Index of its last block. */
  readonly lastBlock: number;
  /** Its first byte. */
  readonly start: number;
  /** The byte behind its last. */
  readonly end: number;
}

/** A file that is not well. */
export interface VerifyProblem {
  /** The catalog's key; `null` for a flagged file that the catalog does not know. */
  readonly key: string | null;
  /** What it is. */
  readonly kind: ItemKind;
  /** Relative to the library. */
  readonly path: string;
  /** How it is. */
  readonly verdict: Exclude<FileVerdict, "ok">;
  /** Why, for a person. */
  readonly reason: string;
  /** Indices of bad blocks; empty when they cannot be told. */
  readonly badBlocks: readonly number[];
  /** The same as ranges of bytes. */
  readonly badRanges: readonly BadRange[];
}

/** Files that are only counted; the first thousand by path. */
export interface PathList {
  /** How many. */
  readonly count: number;
  /** Their sizes together. */
  readonly bytes: number;
  /** The first thousand, relative to the library. */
  readonly paths: readonly string[];
}

/** What stands in a library without being one of its items. */
export interface Strays {
  /** Parts and their journals, for a later run to go on with. */
  readonly parts: PathList;
  /** Parts and journals of files that are finished, and temporary files of a run that was killed: of no use. */
  readonly stale: PathList;
  /** Model files that the catalog does not know. */
  readonly unknown: PathList;
}

/** What {@linkcode verifyLibrary} found. */
export interface VerifySummary extends Strays {
  /** Files that were looked at. */
  readonly files: number;
  /** How many of them are how; flagged files that the catalog does not know count too. */
  readonly counts: Readonly<Record<FileVerdict, number>>;
  /** Bytes read to hash them. */
  readonly bytesRead: number;
  /** Files whose hash was noted now, because it is the published one. */
  readonly adopted: number;
  /** Files of which only the date had changed; it was noted. */
  readonly redated: number;
  /** The first thousand that are not well; {@linkcode VerifyOptions.onProblem} is told all. */
  readonly problems: readonly VerifyProblem[];
}

/** How far {@linkcode verifyLibrary} is. */
export interface VerifyProgress {
  /** Files that were looked at. */
  readonly files: number;
  /** Files to look at. */
  readonly totalFiles: number;
  /** Bytes read. */
  readonly bytesRead: number;
  /** Bytes to read; 0 when none are. */
  readonly totalBytes: number;
  /** The file that is being looked at. */
  readonly path: string;
}

/** Options of {@linkcode verifyLibrary}. */
export interface VerifyOptions {
  /**
   * Read every byte, instead of comparing sizes and dates. Several files are read at once, and reported in their order.
   *
   * @default {false}
   */
  readonly deep?: boolean | undefined;
  /**
   * Files that are read at once by `deep`.
   *
   * @default {the processors of the machine, at most 4}
   */
  readonly threads?: number | undefined;
  /**
   * Mark what is missing, changed or corrupt, so that a later `download` or `repair` mends it.
   *
   * @default {true}
   */
  readonly markBroken?: boolean | undefined;
  /** Stops the work; what was noted stays. */
  readonly signal?: AbortSignal | undefined;
  /** Told for every file and every piece read. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Told every file that is not well. */
  readonly onProblem?: ((problem: VerifyProblem) => void) | undefined;
}

const MAX_PROBLEMS = 1000;
/** Enough that a thread always has the next small file, few enough that a large one does not keep many open. */
const FILES_AT_ONCE = 64;
/** Some ten megabytes of paths. */
const MAX_FOLDERS = 50_000;

/**
 * Compare a library with its catalog: every file that was done, and what was found broken before. A file that is well
 * gets noted what the catalog did not know of it: its hash, its new date, the digests of its blocks.
 *
 * @param library The library
 * @param options How deep, and whom to tell
 * @returns Counts by verdict, the problems, and what else stands there
 * @throws {KitError} `unsafe` if the library's folder goes away meanwhile
 */
export async function verifyLibrary(library: Library, options: VerifyOptions = {}): Promise<VerifySummary> {
  const { deep = false, threads, markBroken: marksBroken = true, signal } = options;
  const { onProgress = () => {}, onProblem = () => {} } = options;
  const { catalog } = library;
  const total = catalog.totals({ states: ["done"] });
  const counts: Record<FileVerdict, number> = {
    ok: 0,
    missing: 0,
    changed: 0,
    corrupt: 0,
    flagged: 0,
    unreadable: 0,
    unverified: 0,
  };
  const problems: VerifyProblem[] = [];
  const seen = { files: 0, bytesRead: 0, adopted: 0, redated: 0 };
  const tell = (path: string): void => {
    const { files, bytesRead } = seen;
    onProgress({
      files,
      totalFiles: Math.max(total.count, files),
      bytesRead,
      totalBytes: deep ? Math.max(total.bytes, bytesRead) : 0,
      path,
    });
  };
  const note = (problem: VerifyProblem): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
    onProblem(problem);
  };
  const judgeStranger = async (path: string): Promise<void> => {
    const { reason } = await scan(library, path, signal);
    if (reason === null) return;
    counts.flagged++;
    note({ key: null, kind: "file", path, verdict: "flagged", reason, badBlocks: [], badRanges: [] });
  };
  const knownFolders = new Set([library.root]);
  const slices = new TimeSlices();
  using hashers = deep ? new FileHashers({ threads }) : undefined;
  const read = async (item: CatalogItem): Promise<ReadItem> => {
    const onBytes = (count: number): void => {
      seen.bytesRead += count;
      tell(item.path);
    };
    const reading = await readItem(library, item, { deep, signal, onBytes, hashers, knownFolders });
    return { reading, pickles: deep ? await lookForPickles(library, { item, reading, signal }) : UNREAD };
  };
  for await (const [item, { reading, pickles }] of inOrder(itemsToCheck(catalog), deep ? FILES_AT_ONCE : 1, read)) {
    signal?.throwIfAborted();
    await slices.pause();
    if (knownFolders.size > MAX_FOLDERS) {
      knownFolders.clear();
      knownFolders.add(library.root);
    }
    const checked = await judgeReading(library, { item, reading }, { signal });
    const found = judgePickles(checked, pickles);
    seen.files++;
    counts[found.verdict]++;
    if (found.news !== null) {
      if (item.sha256 === null && found.news.sha256 !== null) seen.adopted++;
      else if (item.state === "done" && item.mtimeMs !== found.news.mtimeMs) seen.redated++;
      catalog.markDone(item.key, found.news);
    }
    const problem = problemOf(item, found);
    if (problem !== null) {
      const { verdict, reason } = problem;
      if (marksBroken && isBroken(verdict)) markBroken(catalog, item, { verdict, reason, seen: found.seen });
      note(problem);
    }
    tell(item.path);
  }
  return {
    ...seen,
    counts,
    problems,
    ...await findStrays(library, { signal, onStranger: deep ? judgeStranger : undefined }),
  };
}

/** Those that were done, and those that were found broken before. */
function* itemsToCheck(catalog: Library["catalog"]): Generator<CatalogItem> {
  for (const item of catalog.items({ states: ["done", "planned", "failed"] })) {
    if (item.state === "done" || isMarkedBroken(item)) yield item;
  }
}

/** What can be found out about an item without regard to others. */
interface ReadItem {
  readonly reading: ItemReading;
  readonly pickles: PickleScan;
}

interface CheckedItem {
  readonly item: CatalogItem;
  readonly reading: ItemReading;
  readonly signal: AbortSignal | undefined;
}

/** Files in quarantine are not reported again. */
async function lookForPickles(library: Library, { item, reading, signal }: CheckedItem): Promise<PickleScan> {
  // Nothing was seen of what is gone, and of what is not looked at since its path leads out of the library.
  const isSeen = reading.verdict === null || reading.seen !== null;
  if (!isSeen || item.kind !== "file" || isFlaggedPath(item.path)) return UNREAD;
  return await scan(library, item.path, signal);
}

/** For a broken or changed file the reason is added. */
function judgePickles(found: Finding, { reason, imports }: PickleScan): Finding {
  if (reason === null) return found;
  if (found.verdict === "ok" || found.verdict === "unverified") return { ...found, verdict: "flagged", reason };
  return imports.length === 0 ? found : { ...found, reason: `${found.reason}; ${reason}` };
}

/** A file that cannot be read is reported elsewhere, or belongs to another user. */
async function scan(library: Library, path: string, signal: AbortSignal | undefined): Promise<PickleScan> {
  try {
    return await scanPickleFile(join(library.root, path), { name: path, signal });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof Deno.errors.NotFound || classifyFailure(error) === "disk") return UNREAD;
    throw error;
  }
}

const UNREAD: PickleScan = { pickles: 0, imports: [], problems: [], reason: null };

function problemOf(item: CatalogItem, found: Finding): VerifyProblem | null {
  const { verdict, reason, badBlocks } = found;
  if (verdict === "ok") return null;
  const { key, kind, path } = item;
  const ranges = badRanges(badBlocks, item.actualBytes ?? 0);
  return { key, kind, path, verdict, reason: reason ?? verdict, badBlocks, badRanges: ranges };
}
