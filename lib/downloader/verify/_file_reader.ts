import { join, posix, sep } from "node:path";
import { KitError } from "../../base/mod.ts";
import { classifyFailure } from "../../failsafe/mod.ts";
import {
  type CatalogItem,
  type FileReading,
  type FileRecord,
  type FileToRead,
  groupFiles,
  isInnerPath,
  mayHoldPickles,
  type PickleScan,
  ReaderThreads,
  resolveInside,
  scanPickleFile,
  type WalkFoldersOptions,
} from "../../library/mod.ts";
import { hasSha256, type ItemReading, readItem } from "./check_item.ts";
import { isFlaggedPath } from "../flagged_files.ts";
import type { Library } from "../open_library.ts";
import { respellPath } from "./respell_path.ts";

/** Options of {@linkcode FileReader}. */
export interface FileReaderOptions {
  /** Whether to read every byte, instead of comparing sizes and dates. */
  readonly deep: boolean;
  readonly signal: AbortSignal | undefined;
  /** Models whose files are read; `undefined` for all files. */
  readonly modelIds: readonly number[] | undefined;
  /** Called with the number of bytes read since the last call, and the file read last, relative to the library. */
  readonly onBytes: (count: number, path: string) => void;
}

/** What was read of the file of an item. */
export interface ReadFile {
  readonly record: FileRecord;
  /** The item and what was read of its file; `null` if the file is as recorded. */
  readonly found: FoundFile | null;
  readonly pickles: PickleScan;
}

interface FoundFile {
  readonly item: CatalogItem;
  readonly reading: ItemReading;
}

/** What a scan found in a file that was not scanned. */
export const UNREAD: PickleScan = { pickles: 0, imports: [], problems: [], reason: null };

/** Chunks in progress: enough for the other threads while one reads a large file; few results pile up behind it. */
const CHUNKS_AT_ONCE = 16;
/** Bounds the memory of the set of known folders: those of a few hundred models, which follow each other. */
const MAX_FOLDERS = 2000;

/**
 * Reads the files of a library, and tells those that are as recorded from those that have to be judged. A library is
 * nearly always intact, so the first need no more than the few columns of a {@linkcode FileRecord}.
 */
export class FileReader implements Disposable {
  readonly #library: Library;
  readonly #options: FileReaderOptions;
  readonly #threads: ReaderThreads | undefined;
  /** Folders of the library that passed the path check. */
  readonly #knownFolders: Set<string>;

  constructor(library: Library, options: FileReaderOptions) {
    this.#library = library;
    this.#options = options;
    this.#threads = options.deep ? new ReaderThreads() : undefined;
    this.#knownFolders = new Set([library.root]);
  }

  /** Number of chunks that {@linkcode FileReader.read} may work on at a time. */
  get chunksAtOnce(): number {
    return this.#options.deep ? CHUNKS_AT_ONCE : 1;
  }

  /** Lists folders; `undefined` if this thread does. */
  get list(): WalkFoldersOptions["list"] {
    const threads = this.#threads;
    if (threads === undefined) return undefined;
    return (paths) => threads.list(paths, { signal: this.#options.signal });
  }

  /** Yield the records of all files in groups that {@linkcode FileReader.read} takes. */
  *chunks(): Generator<readonly FileRecord[]> {
    const records = this.#library.catalog.fileRecords({ modelIds: this.#options.modelIds });
    if (this.#options.deep) yield* groupFiles(records);
    // In a quick check, each file is looked at when its turn comes.
    else for (const record of records) yield [record];
  }

  /** Read the files of a chunk. */
  async read(chunk: readonly FileRecord[]): Promise<readonly ReadFile[]> {
    if (this.#knownFolders.size > MAX_FOLDERS) {
      this.#knownFolders.clear();
      this.#knownFolders.add(this.#library.root);
    }
    const found = this.#threads === undefined ? await this.#look(chunk) : await this.#hash(chunk, this.#threads);
    const files: ReadFile[] = [];
    for (const [index, record] of chunk.entries()) {
      const result = found[index] ?? null;
      const pickles = this.#options.deep ? await this.#scan(record, result) : UNREAD;
      files.push({ record, found: result, pickles });
    }
    return files;
  }

  /** End the threads. */
  [Symbol.dispose](): void {
    this.#threads?.[Symbol.dispose]();
  }

  /** Compare sizes and dates; a synchronous call takes a tenth of the time of an asynchronous one. */
  async #look(chunk: readonly FileRecord[]): Promise<readonly (FoundFile | null)[]> {
    const results: (FoundFile | null)[] = [];
    for (const record of chunk) {
      const path = this.#knownPath(record.path);
      const isRecorded = path !== null && isAsRecorded(path, record);
      results.push(isRecorded ? null : await this.#readAlone(this.#itemOf(record)));
    }
    return results;
  }

  /** Hash files in one thread; whatever is unusual about a file is examined in this one. */
  async #hash(
    chunk: readonly FileRecord[],
    threads: ReaderThreads,
  ): Promise<readonly (FoundFile | null)[]> {
    const { signal, onBytes } = this.#options;
    const places = [];
    for (const record of chunk) places.push(await this.#placeOf(record));
    const files = places.map(({ file }) => file).filter((file) => file !== null);
    const lastPath = chunk.at(-1)!.path;
    const readings = await threads.read(files, { signal, onBytes: (count) => onBytes(count, lastPath) });
    let next = 0;
    return await Promise.all(places.map(({ record, item, file }) => {
      const reading = file === null ? undefined : readings.get(next++);
      if (file !== null && reading === undefined) return null;
      return this.#settle(item ?? this.#itemOf(record), reading);
    }));
  }

  async #settle(item: CatalogItem, reading: FileReading | undefined): Promise<FoundFile> {
    if (reading?.type !== "digests") return await this.#readAlone(item);
    return { item, reading: { verdict: null, actual: reading.digests, mtimeMs: reading.mtimeMs } };
  }

  /** Where the bytes of a file are; `file` is `null` if it has to be read alone. */
  async #placeOf(record: FileRecord): Promise<Place> {
    const item = record.recorded === null ? this.#itemOf(record) : undefined;
    const isHashed = record.recorded !== null || hasSha256(item!);
    const path = isHashed ? this.#knownPath(record.path) ?? await this.#checkedPath(record.path) : null;
    return { record, item, file: path === null ? null : { path, recorded: record.recorded } };
  }

  #itemOf({ id }: FileRecord): CatalogItem {
    return this.#library.catalog.itemById(id)!;
  }

  async #readAlone(item: CatalogItem): Promise<FoundFile> {
    const { deep, signal, onBytes } = this.#options;
    const found = respellPath(this.#library, item);
    const reading = await readItem(this.#library, found, {
      deep,
      signal,
      onBytes: (count) => onBytes(count, found.path),
      threads: this.#threads,
      knownFolders: this.#knownFolders,
    });
    return { item: found, reading };
  }

  /** The absolute path of a file in a folder that passed the path check before; otherwise `null`. */
  #knownPath(path: string): string | null {
    if (!isInnerPath(path)) return null;
    // An inner path is a normal one, so that it needs no join(), which takes longer than all the rest.
    const full = `${this.#library.root}${sep}${sep === "/" ? path : path.replaceAll("/", sep)}`;
    return this.#knownFolders.has(full.slice(0, full.lastIndexOf(sep))) ? full : null;
  }

  /** Check the folder of a file; `null` if the file must be examined alone, which says why. */
  async #checkedPath(path: string): Promise<string | null> {
    const { root } = this.#library;
    try {
      await resolveInside(root, posix.dirname(path), { access: "enter", knownFolders: this.#knownFolders });
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      return null;
    }
    return this.#knownPath(path);
  }

  /** Scan a file for pickles; files in `quarantine/` were reported when they were fetched. */
  async #scan({ kind, path }: FileRecord, found: FoundFile | null): Promise<PickleScan> {
    // A reading without `seen` means that the file is missing, unreadable or outside of the library.
    const isPresent = found === null || found.reading.verdict === null || found.reading.seen !== null;
    if (!isPresent || kind !== "file" || isFlaggedPath(path)) return UNREAD;
    return await scanForPickles(this.#library, found?.item.path ?? path, this.#options.signal);
  }
}

interface Place {
  readonly record: FileRecord;
  /** The item, if it had to be read. */
  readonly item: CatalogItem | undefined;
  readonly file: FileToRead | null;
}

/** Whether the size and date of a file are the recorded ones; a link is not followed. */
function isAsRecorded(path: string, { recorded }: FileRecord): boolean {
  if (recorded === null) return false;
  try {
    const info = Deno.lstatSync(path);
    return info.isFile && info.size === recorded.sizeBytes && info.mtime?.getTime() === recorded.mtimeMs;
  } catch {
    // The check of a single file reports why.
    return false;
  }
}

/** Scan a file for pickles; one that cannot be read is reported elsewhere, or belongs to another user. */
export async function scanForPickles(
  library: Library,
  path: string,
  signal: AbortSignal | undefined,
): Promise<PickleScan> {
  if (!mayHoldPickles(path)) return UNREAD;
  try {
    return await scanPickleFile(join(library.root, path), { name: path, signal });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof Deno.errors.NotFound || classifyFailure(error) === "disk") return UNREAD;
    throw error;
  }
}
