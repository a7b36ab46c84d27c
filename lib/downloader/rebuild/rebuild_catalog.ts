import type { RebuildClient } from "./rebuild_client.ts";
import type { ErrorCode } from "../../base/mod.ts";
import type { UnreadableEntry } from "../../civitai/mod.ts";
import type { FailureError } from "../../failsafe/mod.ts";
import {
  indexSidecars,
  ReaderThreads,
  restoreMarks,
  scanLibrary,
  type ScannedFile,
  type SidecarIndex,
} from "../../library/mod.ts";
import type { HashedFile } from "./_choose_owner.ts";
import { type IdentifiedFile, identifyFiles } from "./_identify_files.ts";
import type { Library } from "../open_library.ts";
import { PathTally } from "../verify/path_tally.ts";
import { type HashedScan, readFiles } from "./_read_files.ts";
import { restoreImages } from "./_restore_images.ts";
import { restoreItem } from "./_restore_item.ts";
import { noteRebuild, type UnfinishedRebuild, unfinishedRebuild } from "./unfinished_rebuild.ts";
import { findItemBeside } from "../verify/own_version.ts";
import type { PathList } from "../verify/verify_summary.ts";

/** Progress of {@linkcode rebuildCatalog}. */
export interface RebuildProgress {
  /** Model files found so far. */
  readonly files: number;
  /** Files whose rows were restored so far. */
  readonly restored: number;
  /** Bytes read so far for hashing. */
  readonly bytesRead: number;
  /** The file that is being read, relative to the library. */
  readonly path: string;
}

/** Options of {@linkcode rebuildCatalog}. */
export interface RebuildOptions {
  /** Stops the work; restored rows stay, and another call continues after them. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each file that need not be read, and each time bytes were read. */
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined;
  /** Called at most once, if a look-up fails after its retries: the rest is identified by sidecars alone. */
  readonly onLookUpFailure?: ((message: string) => void) | undefined;
}

/** Result of {@linkcode rebuildCatalog}. */
export interface RebuildSummary {
  /** Model files found in the library. */
  readonly files: number;
  /** Model files that were in the catalog already, unchanged. */
  readonly known: number;
  /** Files whose rows were restored. */
  readonly restored: number;
  /** Restored files that sidecars identified. */
  readonly fromSidecars: number;
  /** Bytes read for hashing. */
  readonly bytesRead: number;
  /** Further copies of files that are in the catalog at another path. */
  readonly copies: PathList;
  /** Model files that could not be identified, or whose path belongs to another item. */
  readonly unknown: PathList;
  /** The user's own versions of files from Civitai, which are beside them. */
  readonly own: PathList;
  /** Model files that no sidecar identifies and that could not be looked up; another rebuild tries again. */
  readonly notLookedUp: PathList;
  /** First failure of a look-up, after which only sidecars were used; `null` if none failed. */
  readonly lookUpFailure: { readonly code: ErrorCode; readonly message: string } | null;
  /** Posted images that were restored from their `images_metadata.json`. */
  readonly restoredImages: number;
  /** Pictures that are not in the catalog; the next download adopts them. */
  readonly pictures: PathList;
  /** Files that could not be read. */
  readonly unreadable: PathList;
  /** Entries of the API's responses that could not be read; files that they describe stay unknown. */
  readonly skippedResponses: readonly UnreadableEntry[];
}

/** Number of files, or of bytes, after which rows are written: an interrupted rebuild continues from there. */
const BATCH_FILES = 500;
const BATCH_BYTES = 64 * 1024 ** 3;
/** Files that are restored in one transaction: enough that it costs little, few enough to hold their models. */
const TRANSACTION_FILES = 32;

/**
 * Restore the rows of a lost catalog from the files: each file is hashed and identified by its sidecar, if that has the
 * hash, otherwise by the API. If the API cannot be reached, sidecars have to do, and the files that they do not identify
 * are counted apart. A catalog that {@linkcode startRebuild} has marked stays marked until no such file is left.
 *
 * @param library The library, with an empty or incomplete catalog
 * @param client Looks up hashes, models and versions; `null` to work offline
 * @param options Signal, and a callback for progress
 * @returns Counts of files, and the paths of those that were not restored
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openLibrary, rebuildCatalog } from "@civitai-dl/civitai-dl/downloader";
 *
 * const folder = await Deno.makeTempDir();
 * await using cleanup = new AsyncDisposableStack();
 * cleanup.defer(() => Deno.remove(folder, { recursive: true }));
 * await Deno.writeTextFile(`${folder}/mine.safetensors`, "weights");
 * using library = await openLibrary(folder, { command: "example" });
 * // Without a client only sidecars identify a file; pass `engine.client` to look up its hash.
 * const { restored, unknown } = await rebuildCatalog(library, null);
 * assertEquals([restored, unknown.paths], [0, ["mine.safetensors"]]);
 * ```
 */
export async function rebuildCatalog(
  library: Library,
  client: RebuildClient | null,
  options: RebuildOptions = {},
): Promise<RebuildSummary> {
  const { signal, onProgress = () => {}, onLookUpFailure = () => {} } = options;
  const { root, catalog } = library;
  const runId = catalog.startRun({ command: "verify --rebuild", engine: "none", targets: [] });
  const tally = new Tally();
  await restoreMarks(library);
  const sidecars = await indexSidecars(root, { signal });
  tally.restoredImages = await restoreImages(library, { runId, signal });
  const rebuild = { library, client, sidecars, runId, tally, signal, onLookUpFailure };
  using threads = new ReaderThreads();
  const reportProgress = (path: string): void => {
    const { files, restored, bytesRead } = tally;
    onProgress({ files, restored, bytesRead, path });
  };
  const readAndRestore = async (found: readonly ScannedFile[]): Promise<void> => {
    const read = await readFiles(found, {
      root,
      threads,
      signal,
      onBytes(count, path) {
        tally.bytesRead += count;
        reportProgress(path);
      },
    });
    signal?.throwIfAborted();
    for (const { path, sizeBytes } of read.unreadable) tally.unreadable.add(path, sizeBytes);
    await restoreBatch(rebuild, read.files);
  };
  let batch: ScannedFile[] = [];
  let batchBytes = 0;
  for await (const scanned of scanLibrary(root)) {
    signal?.throwIfAborted();
    if (scanned.kind !== "model" && !sidecars.mayHave(scanned)) {
      if (scanned.kind === "picture" && !isKnown(library, scanned)) tally.pictures.add(scanned.path, scanned.sizeBytes);
      continue;
    }
    if (scanned.kind === "model") tally.files++;
    if (isKnown(library, scanned)) {
      if (scanned.kind === "model") tally.known++;
      reportProgress(scanned.path);
      continue;
    }
    batch.push(scanned);
    batchBytes += scanned.sizeBytes;
    if (batch.length < BATCH_FILES && batchBytes < BATCH_BYTES) continue;
    await readAndRestore(batch);
    batch = [];
    batchBytes = 0;
  }
  await readAndRestore(batch);
  for (const { path, sizeBytes } of tally.unidentified) {
    // The item beside it may have been restored after it was read.
    const kind = findItemBeside(catalog, path) === null ? tally.unknown : tally.own;
    kind.add(path, sizeBytes);
  }
  const summary = tally.summary();
  const unfinished = unfinishedRebuild(catalog);
  if (unfinished !== null) noteRebuild(catalog, judgeRest(unfinished, summary));
  catalog.endRun(runId, summary);
  return summary;
}

/** What is left of an unfinished rebuild; `null` if nothing is. */
function judgeRest(rebuild: UnfinishedRebuild, { notLookedUp }: RebuildSummary): UnfinishedRebuild | null {
  return notLookedUp.count === 0 ? null : { ...rebuild, notLookedUp: notLookedUp.count };
}

interface Rebuild {
  readonly library: Library;
  readonly client: RebuildClient | null;
  readonly sidecars: SidecarIndex;
  readonly runId: number;
  readonly tally: Tally;
  readonly signal: AbortSignal | undefined;
  readonly onLookUpFailure: (message: string) => void;
}

/** Totals for the {@linkcode RebuildSummary}. */
class Tally {
  files = 0;
  known = 0;
  restored = 0;
  restoredImages = 0;
  fromSidecars = 0;
  bytesRead = 0;
  readonly copies = new PathTally();
  readonly unidentified: Pick<ScannedFile, "path" | "sizeBytes">[] = [];
  readonly unknown = new PathTally();
  readonly own = new PathTally();
  readonly notLookedUp = new PathTally();
  lookUpFailure: FailureError | null = null;
  readonly pictures = new PathTally();
  readonly unreadable = new PathTally();
  readonly skippedResponses: UnreadableEntry[] = [];

  summary(): RebuildSummary {
    const { files, known, restored, restoredImages, fromSidecars, bytesRead, lookUpFailure: failure } = this;
    return {
      files,
      known,
      restored,
      fromSidecars,
      bytesRead,
      copies: this.copies.data(),
      unknown: this.unknown.data(),
      own: this.own.data(),
      notLookedUp: this.notLookedUp.data(),
      lookUpFailure: failure === null ? null : { code: failure.code, message: failure.message },
      restoredImages,
      pictures: this.pictures.data(),
      unreadable: this.unreadable.data(),
      skippedResponses: [...this.skippedResponses],
    };
  }
}

async function restoreBatch(rebuild: Rebuild, batch: readonly HashedScan[]): Promise<void> {
  const { library, client, sidecars, tally, signal, onLookUpFailure } = rebuild;
  if (batch.length === 0) return;
  const files = batch.map(({ scanned, hashes }) => (
    { scanned, hashes, sha256: hashes.sha256, crc32: hashes.crc32 }
  ));
  const onUnreadable = (entry: UnreadableEntry) => void tally.skippedResponses.push(entry);
  const identified = identifyFiles(library.root, files, {
    // A look-up fails only after its retries, so it is not tried again for every batch.
    client: tally.lookUpFailure === null ? client : null,
    sidecars,
    signal,
    onUnreadable,
    onLookUpFailure(failure) {
      tally.lookUpFailure = failure;
      onLookUpFailure(failure.message);
    },
  });
  const found: IdentifiedFile<Hashed>[] = [];
  const restore = (): void =>
    library.catalog.transaction(() => {
      for (const file of found.splice(0)) restoreFile(rebuild, file);
    });
  try {
    for await (const file of identified) {
      if (found.push(file) >= TRANSACTION_FILES) restore();
    }
  } finally {
    // What was identified before a failure is kept.
    restore();
  }
}

/** A file with the hashes that identify it. */
interface Hashed extends HashedScan, HashedFile {
  readonly scanned: ScannedFile;
}

function restoreFile({ library, runId, tally }: Rebuild, { file, owner, isBySidecar }: IdentifiedFile<Hashed>): void {
  const { path, sizeBytes, kind } = file.scanned;
  const outcome = owner === null ? "unknown" : restoreItem(library, { ...file, owner, runId });
  switch (outcome) {
    case "restored":
      // A published file whose name looks like a sidecar or a picture counts as a model file after it was identified.
      if (kind !== "model") tally.files++;
      tally.restored++;
      if (isBySidecar) tally.fromSidecars++;
      break;
    case "copy":
      tally.copies.add(path, sizeBytes);
      break;
    case "taken":
    case "unknown":
      if (kind === "model") {
        const isUnasked = owner === null && tally.lookUpFailure !== null;
        if (isUnasked) tally.notLookedUp.add(path, sizeBytes);
        else tally.unidentified.push({ path, sizeBytes });
      }
      if (kind === "picture") tally.pictures.add(path, sizeBytes);
      break;
  }
}

/**
 * Whether the catalog has a file with this size and date, so that it need not be read again. A file that was replaced on
 * Civitai is known too: its sidecars describe what the catalog knows to be out of date.
 */
function isKnown({ catalog }: Library, { path, sizeBytes, mtimeMs }: ScannedFile): boolean {
  const item = catalog.itemByPath(path);
  return item !== null && (item.state === "done" || catalog.replacedSha256(item.key) !== null) &&
    item.path === path && item.actualBytes === sizeBytes && item.mtimeMs === mtimeMs;
}
