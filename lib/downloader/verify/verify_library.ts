import { statSyncOrNull } from "../../base/mod.ts";
import type { FileVerdict, PathList, Strays, VerifyProblem, VerifySummary } from "./verify_summary.ts";
import { join } from "node:path";
import { type CatalogItem, isInnerPath, type PickleScan, TimeSlices } from "../../library/mod.ts";
import { badRanges } from "./bad_ranges.ts";
import { forgetDamage, isBroken, markBroken } from "./broken_marks.ts";
import { type Finding, judgeReading } from "./check_item.ts";
import { FileReader, scanForPickles } from "./_file_reader.ts";
import { findStrays } from "./_find_strays.ts";
import { inOrder } from "./_in_order.ts";
import { PathTally } from "./path_tally.ts";
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
  /** Ids of the models whose files are checked, and nothing else; absent for the whole library. */
  readonly modelIds?: readonly number[] | undefined;
  /** Stops the check; what was recorded in the catalog by then stays. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each file, and each time bytes were read. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Called with each file whose verdict is not `ok`. */
  readonly onProblem?: ((problem: VerifyProblem) => void) | undefined;
}

const MAX_PROBLEMS = 1000;
/** The reading of a file that is as recorded, for one that holds a harmful pickle all the same. */
const AS_RECORDED: Finding = { verdict: "ok", reason: null, badBlocks: [], news: null, seen: null };

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
  const { deep = false, markBroken: marksBroken = true, modelIds, signal } = options;
  const { onProgress = () => {}, onProblem = () => {} } = options;
  const { catalog } = library;
  const total = catalog.totals({ states: ["done"], modelIds });
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
    const { reason } = await scanForPickles(library, path, signal);
    if (reason === null) return;
    counts.flagged++;
    addProblem({ key: null, kind: "file", path, verdict: "flagged", reason, badBlocks: [], badRanges: [] });
  };
  const slices = new TimeSlices();
  const onBytes = (count: number, path: string): void => {
    progress.bytesRead += count;
    reportProgress(path);
  };
  using reader = new FileReader(library, { deep, modelIds, signal, onBytes });
  for await (const [, files] of inOrder(reader.chunks(), reader.chunksAtOnce, (chunk) => reader.read(chunk))) {
    signal?.throwIfAborted();
    await slices.pause();
    for (const file of files) {
      progress.files++;
      const { record: { path }, pickles } = file;
      if (file.found === null && pickles.reason === null) {
        counts.ok++;
        reportProgress(path);
        continue;
      }
      const { item, reading } = file.found ?? { item: catalog.itemById(file.record.id)!, reading: AS_RECORDED };
      const found = judgePickles(await judgeReading(library, { item, reading }, { signal }), pickles);
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
      reportProgress(path);
    }
  }
  if (library.isWritable) await relocateSidecars(library, { signal });
  return {
    ...progress,
    counts,
    problems,
    replaced: listReplaced(library, modelIds),
    corrupted: listCorrupted(library, modelIds),
    ...modelIds === undefined
      ? await findStrays(library, { signal, list: reader.list, onStranger: deep ? scanUnchecked : undefined })
      : noStrays(),
  };
}

/** What a check of some models finds of the files that belong to none. */
function noStrays(): Strays {
  const none = new PathTally().data();
  return { parts: none, stale: none, unknown: none, own: { count: 0, bytes: 0, files: [] }, orphans: none };
}

/** List the replaced files of which the old content is on disk. */
function listReplaced({ root, catalog }: Library, modelIds: readonly number[] | undefined): PathList {
  const tally = new PathTally();
  for (const { path } of catalog.replacedItems({ modelIds })) {
    const info = isInnerPath(path) ? statSyncOrNull(join(root, path)) : null;
    if (info !== null) tally.add(path, info.size);
  }
  return tally.data();
}

/** List the files that a download put aside as corrupt: the library never had a right one. */
function listCorrupted({ catalog }: Library, modelIds: readonly number[] | undefined): PathList {
  const tally = new PathTally();
  for (const { path, sizeBytes, doneAt } of catalog.items({ states: ["corrupted"], modelIds })) {
    if (doneAt === null) tally.add(path, sizeBytes ?? 0);
  }
  return tally.data();
}

/** Combine a verdict with a pickle scan; for a broken or changed file, only the reason is extended. */
function judgePickles(found: Finding, { reason, imports }: PickleScan): Finding {
  if (reason === null) return found;
  if (found.verdict === "ok" || found.verdict === "unverified") return { ...found, verdict: "flagged", reason };
  return imports.length === 0 ? found : { ...found, reason: `${found.reason}; ${reason}` };
}

function problemOf(item: CatalogItem, found: Finding): VerifyProblem | null {
  const { verdict, reason, badBlocks } = found;
  if (verdict === "ok") return null;
  const { key, kind, path } = item;
  const ranges = badRanges(badBlocks, item.actualBytes ?? 0);
  return { key, kind, path, verdict, reason: reason ?? verdict, badBlocks, badRanges: ranges };
}
