import { statSyncOrNull } from "../../base/mod.ts";
import type { FileVerdict, PathList, VerifyProblem, VerifySummary } from "./verify_summary.ts";
import { join } from "node:path";
import { classifyFailure } from "../../failsafe/mod.ts";
import {
  type CatalogItem,
  FileHashers,
  isInnerPath,
  type PickleScan,
  scanPickleFile,
  TimeSlices,
} from "../../library/mod.ts";
import { badRanges } from "./bad_ranges.ts";
import { forgetDamage, isBroken, markBroken, wasDone } from "./broken_marks.ts";
import { type Finding, type ItemReading, judgeReading, readItem } from "./check_item.ts";
import { findStrays } from "./_find_strays.ts";
import { inOrder } from "./_in_order.ts";
import { PathTally } from "./path_tally.ts";
import { respellPath } from "./respell_path.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import { relocateSidecars } from "../sidecars/relocate_sidecars.ts";
import type { Library } from "../open_library.ts";

/** Progress of {@linkcode verifyLibrary}. */
export interface VerifyProgress {
  /** Files checked so far. */
  readonly files: number;
  /** Number of items that are done, or `files` if that is larger, since items that were done before are checked too. */
  readonly totalFiles: number;
  /** Bytes read so far for hashing. */
  readonly bytesRead: number;
  /** Bytes to read in a deep check, never less than `bytesRead`; 0 in a check without `deep`. */
  readonly totalBytes: number;
  /** The file that was checked or read last, relative to the library. */
  readonly path: string;
}

/** Options of {@linkcode verifyLibrary}. */
export interface VerifyOptions {
  /**
   * Whether to read every byte, instead of comparing sizes and dates. Several files are read concurrently, and reported
   * in the order of the catalog.
   *
   * @default {false}
   */
  readonly deep?: boolean | undefined;
  /**
   * Whether to mark items whose files are missing, changed or corrupt, so that a later `download` or `repair` repairs
   * them.
   *
   * @default {true}
   */
  readonly markBroken?: boolean | undefined;
  /** Stops the check; what was recorded in the catalog by then stays. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each file, and each time bytes were read. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Called with each file whose verdict is not `ok`. */
  readonly onProblem?: ((problem: VerifyProblem) => void) | undefined;
}

const MAX_PROBLEMS = 1000;
/** Enough that a thread always has a next small file, few enough that few results pile up behind a large one. */
const FILES_AT_ONCE = 64;
/** Bounds the memory of the set of known folders to about ten megabytes. */
const MAX_FOLDERS = 50_000;

/**
 * Compare a library with its catalog: all items that are done or were done before. If a file is
 * ok, facts that the catalog lacks are recorded: its hash, its new date, the digests of its blocks.
 *
 * @param library An open library; its catalog is updated
 * @param options Depth of the check, marking of broken items, callbacks
 * @returns Counts by verdict, the problems, and the files that do not belong to any item
 * @throws {KitError} `unsafe` if the library's folder disappears during the check
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fetchModels, openLibrary, verifyLibrary } from "@civitai-dl/civitai-dl/downloader";
 * import { startSandbox } from "@civitai-dl/civitai-dl/sandbox";
 *
 * await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0 });
 * const folder = await Deno.makeTempDir();
 * await using cleanup = new AsyncDisposableStack();
 * cleanup.defer(() => Deno.remove(folder, { recursive: true }));
 * const options = { baseUrl: sandbox.apiOrigin, token: sandbox.token };
 * await fetchModels(folder, [sandbox.facts().next().value!.modelId], options);
 * using library = await openLibrary(folder, { command: "example" });
 * const { files, counts } = await verifyLibrary(library, { deep: true });
 * assertEquals(counts.ok, files);
 * ```
 */
export async function verifyLibrary(library: Library, options: VerifyOptions = {}): Promise<VerifySummary> {
  const { deep = false, markBroken: marksBroken = true, signal } = options;
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
  const progress = { files: 0, bytesRead: 0, adopted: 0, redated: 0 };
  const reportProgress = (path: string): void => {
    const { files, bytesRead } = progress;
    onProgress({
      files,
      totalFiles: Math.max(total.count, files),
      bytesRead,
      totalBytes: deep ? Math.max(total.bytes, bytesRead) : 0,
      path,
    });
  };
  const addProblem = (problem: VerifyProblem): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
    onProblem(problem);
  };
  const scanUnchecked = async (path: string): Promise<void> => {
    const { reason } = await scan(library, path, signal);
    if (reason === null) return;
    counts.flagged++;
    addProblem({ key: null, kind: "file", path, verdict: "flagged", reason, badBlocks: [], badRanges: [] });
  };
  const knownFolders = new Set([library.root]);
  const slices = new TimeSlices();
  using hashers = deep ? new FileHashers() : undefined;
  const read = async (item: CatalogItem): Promise<ReadItem> => {
    const onBytes = (count: number): void => {
      progress.bytesRead += count;
      reportProgress(item.path);
    };
    const reading = await readItem(library, item, { deep, signal, onBytes, hashers, knownFolders });
    return { reading, pickles: deep ? await scanItem(library, { item, reading, signal }) : UNREAD };
  };
  for await (const [item, { reading, pickles }] of inOrder(itemsToCheck(library), deep ? FILES_AT_ONCE : 1, read)) {
    signal?.throwIfAborted();
    await slices.pause();
    if (knownFolders.size > MAX_FOLDERS) {
      knownFolders.clear();
      knownFolders.add(library.root);
    }
    const checked = await judgeReading(library, { item, reading }, { signal });
    const found = judgePickles(checked, pickles);
    progress.files++;
    counts[found.verdict]++;
    if (found.news !== null) {
      if (item.sha256 === null && found.news.sha256 !== null) progress.adopted++;
      else if (item.state === "done" && item.mtimeMs !== found.news.mtimeMs) progress.redated++;
      catalog.markDone(item.key, found.news);
      if (item.state !== "done") forgetDamage(catalog, item);
    }
    const problem = problemOf(item, found);
    if (problem !== null) {
      const { verdict, reason } = problem;
      // The files of a library that is gone are not missing.
      if (verdict === "missing") await library.assertPresent();
      if (marksBroken && isBroken(verdict)) markBroken(catalog, item, { verdict, reason, seen: found.seen });
      addProblem(problem);
    }
    reportProgress(item.path);
  }
  if (library.isWritable) await relocateSidecars(library, { signal });
  return {
    ...progress,
    counts,
    problems,
    replaced: listReplaced(library),
    corrupted: listCorrupted(library),
    ...await findStrays(library, { signal, onStranger: deep ? scanUnchecked : undefined }),
  };
}

/** List the replaced files of which the old content is on disk. */
function listReplaced({ root, catalog }: Library): PathList {
  const tally = new PathTally();
  for (const { path } of catalog.replacedItems()) {
    const info = isInnerPath(path) ? statSyncOrNull(join(root, path)) : null;
    if (info !== null) tally.add(path, info.size);
  }
  return tally.data();
}

/** List the files that a download put aside as corrupt: the library never had a right one. */
function listCorrupted({ catalog }: Library): PathList {
  const tally = new PathTally();
  for (const { path, sizeBytes, doneAt } of catalog.items({ states: ["corrupted"] })) {
    if (doneAt === null) tally.add(path, sizeBytes ?? 0);
  }
  return tally.data();
}

/** Yield the items that are done or were done before, whatever a later attempt has made of their rows. */
function* itemsToCheck(library: Library): Generator<CatalogItem> {
  for (const item of library.catalog.items()) {
    if (item.state === "done" || wasDone(item)) yield respellPath(library, item);
  }
}

/** Result of reading an item's own file; several items may be read concurrently. */
interface ReadItem {
  readonly reading: ItemReading;
  readonly pickles: PickleScan;
}

interface CheckedItem {
  readonly item: CatalogItem;
  readonly reading: ItemReading;
  readonly signal: AbortSignal | undefined;
}

/** Scan an item's file for pickles; files in `quarantine/` were reported when they were fetched. */
async function scanItem(library: Library, { item, reading, signal }: CheckedItem): Promise<PickleScan> {
  // A reading without `seen` means that the file is missing, unreadable or outside of the library.
  const isPresent = reading.verdict === null || reading.seen !== null;
  if (!isPresent || item.kind !== "file" || isFlaggedPath(item.path)) return UNREAD;
  return await scan(library, item.path, signal);
}

/** Combine a verdict with a pickle scan; for a broken or changed file, only the reason is extended. */
function judgePickles(found: Finding, { reason, imports }: PickleScan): Finding {
  if (reason === null) return found;
  if (found.verdict === "ok" || found.verdict === "unverified") return { ...found, verdict: "flagged", reason };
  return imports.length === 0 ? found : { ...found, reason: `${found.reason}; ${reason}` };
}

/** Scan a file for pickles; one that cannot be read is reported elsewhere, or belongs to another user. */
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
