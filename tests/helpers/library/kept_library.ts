import { ensureDir } from "@std/fs";
import { dirname, join } from "node:path";
import { type Library, openLibrary } from "../../../lib/downloader/open_library.ts";
import { type CatalogItem, hashFile, type PlannedItem } from "../../../lib/library/mod.ts";
import { mountSmallDisk } from "../small_disk.ts";
import { inTempDir } from "../temp_dir.ts";

/** Size of a block in transfers. */
export const BLOCK = 16 << 20;

/** Options of {@linkcode withLibrary}. */
export interface LibraryPlace {
  /** Size of a disk that has only the library; without it, the library is on the disk of temporary files. */
  readonly diskBytes?: number | undefined;
}

/** Run a story in a library of its own. */
export async function withLibrary(
  story: (library: Library) => Promise<void>,
  { diskBytes }: LibraryPlace = {},
): Promise<void> {
  await inTempDir(async (root) => {
    await using _disk = diskBytes === undefined ? null : await mountSmallDisk(root, diskBytes);
    using library = await openLibrary(root, { command: "test" });
    await story(library);
  });
}

/** A planned file of version `id`, with the test's changes. */
export function plannedFile(id: number, changes: Partial<PlannedItem> = {}): PlannedItem {
  return {
    key: `file:${id}:${id}`,
    kind: "file",
    modelId: 1,
    versionId: id,
    fileId: id,
    imageId: null,
    creator: "brambleforge",
    path: `models/${id}.bin`,
    sizeBytes: null,
    hashes: {},
    source: JSON.stringify({ type: "Model", format: "Other", linkedQuery: null }),
    ...changes,
  };
}

/** Write bytes to a path below a library. */
export async function put(library: Library, path: string, bytes: Uint8Array | string): Promise<string> {
  const full = join(library.root, path);
  await ensureDir(dirname(full));
  await Deno.writeFile(full, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  return full;
}

/** Put a file into a library like a finished download; returns its absolute path. */
export async function keep(
  library: Library,
  id: number,
  bytes: Uint8Array,
  changes: Partial<PlannedItem> & Partial<Pick<CatalogItem, "etag" | "sha256">> = {},
): Promise<string> {
  const { etag = '"v1"', sha256, ...planned } = changes;
  const item = plannedFile(id, planned);
  const path = await put(library, item.path, bytes);
  const { blocks, sizeBytes, ...hashes } = await hashFile(path);
  library.catalog.plan({ ...item, hashes: planned.hashes ?? { SHA256: hashes.sha256 } }, 0);
  library.catalog.markDone(item.key, {
    sha256: sha256 === undefined ? hashes.sha256 : sha256,
    actualBytes: sizeBytes,
    mtimeMs: (await Deno.stat(path)).mtime!.getTime(),
    etag,
    outcome: "done",
    blocks: sha256 === undefined ? blocks : undefined,
  });
  return path;
}

/** Change one byte; the date stays, as after a disk error, unless the test simulates a write. */
export async function flip(path: string, offset: number, options: { readonly isDated?: boolean } = {}): Promise<void> {
  const { mtime } = await Deno.stat(path);
  {
    using file = await Deno.open(path, { read: true, write: true });
    await file.seek(offset, Deno.SeekMode.Start);
    const byte = new Uint8Array(1);
    await file.read(byte);
    byte[0]! ^= 0xff;
    await file.seek(offset, Deno.SeekMode.Start);
    await file.write(byte);
  }
  await setDate(path, options.isDated ? new Date(mtime!.getTime() + 60_000) : mtime!);
}

/** Set the date of a file. */
export async function setDate(path: string, date: Date): Promise<void> {
  await Deno.utime(path, date, date);
}

/** The state of an item. */
export function stateOf(library: Library, id: number): readonly [state: string, outcome: string | null] {
  const item = library.catalog.item(`file:${id}:${id}`)!;
  return [item.state, item.outcome];
}
