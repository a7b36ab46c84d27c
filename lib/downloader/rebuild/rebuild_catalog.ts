import { join } from "node:path";
import type { Client, UnreadableEntry } from "../../civitai/mod.ts";
import { classifyFailure } from "../../failsafe/mod.ts";
import {
  type FileHashes,
  hashFile,
  indexSidecars,
  scanLibrary,
  type ScannedFile,
  type SidecarIndex,
} from "../../library/mod.ts";
import { identifyFiles } from "./_identify_files.ts";
import type { Library } from "../open_library.ts";
import { PathTally } from "../verify/path_tally.ts";
import { restoreImages } from "./_restore_images.ts";
import { restoreItem } from "./_restore_item.ts";
import type { PathList } from "../verify/verify_library.ts";

/** What {@linkcode rebuildCatalog} asks of the API. */
export type RebuildClient = Pick<Client, "model" | "version" | "versionIdsByHashes" | "listModels">;

/** How far {@linkcode rebuildCatalog} is. */
export interface RebuildProgress {
  /** Model files found so far. */
  readonly files: number;
  /** Of them, files whose rows are there. */
  readonly restored: number;
  /** Bytes read. */
  readonly bytesRead: number;
  /** The file that is being read. */
  readonly path: string;
}

/** Options of {@linkcode rebuildCatalog}. */
export interface RebuildOptions {
  /** Stops the work; what was restored stays, and a second call goes on behind it. */
  readonly signal?: AbortSignal | undefined;
  /** Told for every file and every piece read. */
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined;
}

/** What {@linkcode rebuildCatalog} found. */
export interface RebuildSummary {
  /** Model files. */
  readonly files: number;
  /** Files that the catalog knew already, unchanged. */
  readonly known: number;
  /** Files that it knows now. */
  readonly restored: number;
  /** Of these, files that only their sidecars could tell. */
  readonly fromSidecars: number;
  /** Bytes read. */
  readonly bytesRead: number;
  /** Second copies of files that are in the catalog. */
  readonly copies: PathList;
  /** Files that nobody knows; sidecars and pictures are not among them. */
  readonly unknown: PathList;
  /** Posted images that it knows now, by their `images_metadata.json`. */
  readonly restoredImages: number;
  /** Pictures that the catalog does not know: the next download takes them over. */
  readonly pictures: PathList;
  /** Files that could not be read. */
  readonly unreadable: PathList;
  /** Entries of the API's answers that could not be read: files that they tell of are unknown. */
  readonly skippedAnswers: readonly UnreadableEntry[];
}

/** Rows are written after so many files, or so many bytes: a rebuild that is cut short goes on from there. */
const BATCH_FILES = 500;
const BATCH_BYTES = 64 * 1024 ** 3;

/** A file with its hashes. */
interface ReadFile {
  readonly scanned: ScannedFile;
  readonly hashes: FileHashes;
}

/**
 * Make the rows of a catalog that was lost, from the files themselves: each is hashed, and the hash is looked up. What
 * the API does not know, and everything without a client, is told by sidecars whose hash is that of the file.
 *
 * @param library The library, with an empty catalog or one that lacks rows
 * @param client Whom to ask; `null` works offline
 * @param options Signal and progress
 * @returns What was found
 * @throws {FailureError} If the API cannot be asked; what was restored stays
 */
export async function rebuildCatalog(
  library: Library,
  client: RebuildClient | null,
  options: RebuildOptions = {},
): Promise<RebuildSummary> {
  const { signal, onProgress = () => {} } = options;
  const { root, catalog } = library;
  const runId = catalog.startRun({ command: "verify --rebuild", engine: "none", targets: [] });
  const tally = new Tally();
  const sidecars = await indexSidecars(root, { signal });
  tally.restoredImages = await restoreImages(library, { runId, signal });
  const rebuild = { library, client, sidecars, runId, tally, signal };
  let batch: ReadFile[] = [];
  let batchBytes = 0;
  for await (const scanned of scanLibrary(root)) {
    signal?.throwIfAborted();
    if (scanned.kind !== "model" && !sidecars.mayHave(scanned)) {
      if (scanned.kind === "picture" && !isKnown(library, scanned)) tally.pictures.add(scanned.path, scanned.sizeBytes);
      continue;
    }
    if (scanned.kind === "model") tally.files++;
    const tell = (): void => {
      const { files, restored, bytesRead } = tally;
      onProgress({ files, restored, bytesRead, path: scanned.path });
    };
    if (isKnown(library, scanned)) tally.known += scanned.kind === "model" ? 1 : 0;
    else {
      const hashes = await readThrough(join(root, scanned.path), signal, (count) => {
        tally.bytesRead += count;
        tell();
      });
      if (hashes === null) tally.unreadable.add(scanned.path, scanned.sizeBytes);
      else batch.push({ scanned, hashes });
      batchBytes += scanned.sizeBytes;
    }
    tell();
    if (batch.length < BATCH_FILES && batchBytes < BATCH_BYTES) continue;
    await restoreBatch(rebuild, batch);
    batch = [];
    batchBytes = 0;
  }
  await restoreBatch(rebuild, batch);
  const summary = tally.summary();
  catalog.endRun(runId, summary);
  return summary;
}

interface Rebuild {
  readonly library: Library;
  readonly client: RebuildClient | null;
  readonly sidecars: SidecarIndex;
  readonly runId: number;
  readonly tally: Tally;
  readonly signal: AbortSignal | undefined;
}

/** What a rebuild adds up. */
class Tally {
  files = 0;
  known = 0;
  restored = 0;
  restoredImages = 0;
  fromSidecars = 0;
  bytesRead = 0;
  readonly copies = new PathTally();
  readonly unknown = new PathTally();
  readonly pictures = new PathTally();
  readonly unreadable = new PathTally();
  readonly skippedAnswers: UnreadableEntry[] = [];

  summary(): RebuildSummary {
    const { files, known, restored, restoredImages, fromSidecars, bytesRead } = this;
    return {
      files,
      known,
      restored,
      fromSidecars,
      bytesRead,
      copies: this.copies.data(),
      unknown: this.unknown.data(),
      restoredImages,
      pictures: this.pictures.data(),
      unreadable: this.unreadable.data(),
      skippedAnswers: [...this.skippedAnswers],
    };
  }
}

async function restoreBatch(rebuild: Rebuild, batch: readonly ReadFile[]): Promise<void> {
  const { library, client, sidecars, runId, tally, signal } = rebuild;
  if (batch.length === 0) return;
  const files = batch.map(({ scanned, hashes }) => (
    { scanned, hashes, sha256: hashes.sha256, crc32: hashes.crc32 }
  ));
  const onUnreadable = (entry: UnreadableEntry) => void tally.skippedAnswers.push(entry);
  const identified = identifyFiles(library.root, files, { client, sidecars, signal, onUnreadable });
  for await (const { file, owner, isBySidecar } of identified) {
    const { path, sizeBytes, kind } = file.scanned;
    const outcome = owner === null ? "unknown" : await restoreItem(library, { ...file, owner, runId });
    switch (outcome) {
      case "restored":
        // A published file that looked like a sidecar or a picture.
        if (kind !== "model") tally.files++;
        tally.restored++;
        if (isBySidecar) tally.fromSidecars++;
        break;
      case "copy":
        tally.copies.add(path, sizeBytes);
        break;
      case "taken":
      case "unknown":
        if (kind === "model") tally.unknown.add(path, sizeBytes);
        if (kind === "picture") tally.pictures.add(path, sizeBytes);
        break;
    }
  }
}

/** A file that the catalog has as it is now need not be read again. */
function isKnown({ catalog }: Library, { path, sizeBytes, mtimeMs }: ScannedFile): boolean {
  const item = catalog.itemByPath(path);
  return item?.state === "done" && item.path === path && item.actualBytes === sizeBytes && item.mtimeMs === mtimeMs;
}

async function readThrough(
  path: string,
  signal: AbortSignal | undefined,
  onBytes: (count: number) => void,
): Promise<FileHashes | null> {
  try {
    return await hashFile(path, { signal, onBytes });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof Deno.errors.NotFound || classifyFailure(error) === "disk") return null;
    throw error;
  }
}
