import { join } from "node:path";
import { classifyFailure } from "../../failsafe/mod.ts";
import {
  type ContentDigests,
  type FileReading,
  groupFiles,
  type ReaderThreads,
  type ScannedFile,
} from "../../library/mod.ts";

/** A file with its hashes. */
export interface HashedScan {
  readonly scanned: ScannedFile;
  readonly hashes: ContentDigests;
}

/** The files that were read, in their order, and those that could not be. */
export interface ReadScans {
  readonly files: readonly HashedScan[];
  readonly unreadable: readonly ScannedFile[];
}

/** Options of {@linkcode readFiles}. */
export interface ReadFilesOptions {
  /** Folder of the library. */
  readonly root: string;
  readonly threads: ReaderThreads;
  readonly signal: AbortSignal | undefined;
  /** Called with the number of bytes read since the last call, and the path of a file that is being read. */
  readonly onBytes: (count: number, path: string) => void;
}

/** Hash files in several threads. */
export async function readFiles(found: readonly ScannedFile[], options: ReadFilesOptions): Promise<ReadScans> {
  const groups = await Promise.all([...groupFiles(found)].map((group) => readGroup(group, options)));
  const files: HashedScan[] = [];
  const unreadable: ScannedFile[] = [];
  for (const { scanned, hashes } of groups.flat()) {
    if (hashes === null) unreadable.push(scanned);
    else files.push({ scanned, hashes });
  }
  return { files, unreadable };
}

interface ReadScan {
  readonly scanned: ScannedFile;
  /** `null` if the file could not be read. */
  readonly hashes: ContentDigests | null;
}

async function readGroup(group: readonly ScannedFile[], options: ReadFilesOptions): Promise<readonly ReadScan[]> {
  const { root, threads, signal, onBytes } = options;
  const files = group.map(({ path }) => ({ path: join(root, path), recorded: null }));
  const readings = await threads.read(files, { signal, onBytes: (count) => onBytes(count, group[0]!.path) });
  return await Promise.all(
    group.map(async (scanned, index) => ({ scanned, hashes: await hashesOf(scanned, readings.get(index)!, options) })),
  );
}

/** The hashes of a file; `null` if it could not be read. Links that the walk through the library found are followed. */
async function hashesOf(
  { path }: ScannedFile,
  reading: FileReading,
  { root, threads, signal, onBytes }: ReadFilesOptions,
): Promise<ContentDigests | null> {
  if (reading.type === "digests") return reading.digests;
  try {
    if (reading.type === "error") throw reading.error;
    return await threads.hash(join(root, path), { signal, onBytes: (count) => onBytes(count, path) });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof Deno.errors.NotFound || classifyFailure(error) === "disk") return null;
    throw error;
  }
}
