import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { isTrustedLink } from "../../base/mod.ts";
import { isFields, parseLossless } from "../_lossless_json.ts";
import { idsFromInfo, idsFromMetadata, type SidecarIds } from "./_sidecar_ids.ts";
import { isA1111Json, type ScannedKind, scannedKindOf } from "./scanned_kind.ts";
import { CORRUPTED_FOLDER } from "../set_aside_corrupt.ts";
import { sidecarPath } from "../sidecars/sidecar_path.ts";
import { SidecarIndex } from "./sidecar_index.ts";

/** A file found in a library. */
export interface ScannedFile {
  /** Path relative to the library, with forward slashes. */
  readonly path: string;
  /** Kind by name, and for JSON also by its keys; the content can still be something else. */
  readonly kind: ScannedKind;
  /** Size on disk, in bytes. */
  readonly sizeBytes: number;
  /** Modification time in milliseconds since the epoch; `null` where the system has none. */
  readonly mtimeMs: number | null;
  /** Model id from the sidecars; `null` if they have none. */
  readonly modelId: number | null;
  /** Version id from the sidecars; `null` if they have none. */
  readonly versionId: number | null;
  /** File id from the sidecars; `null` if they have none. */
  readonly fileId: number | null;
  /** SHA-256 from the sidecars, in lower case; not verified by hashing. */
  readonly sha256: string | null;
}

const SKIPPED_FOLDERS = new Set([CORRUPTED_FOLDER, ".civitai-dl", ".git"]);
const MAX_SIDECAR_BYTES = 64 * 1024 * 1024;
/** The user metadata of A1111 contains only what a user types. */
const MAX_A1111_BYTES = 1024 * 1024;
const INFO = ".civitai.info";

/**
 * Find the files of a library and what their sidecars say about them, to rebuild a lost catalog. Follows links, and
 * visits each folder once, but skips links that another user made. Also skips `corrupted/`, `.civitai-dl`, `.git`,
 * part files and temporary files.
 *
 * @param root The library
 * @returns The files, in no particular order
 */
export async function* scanLibrary(root: string): AsyncGenerator<ScannedFile> {
  for await (const { folder, names } of foldersOf(root, await startWalk(root))) {
    for (const name of names) {
      const namedKind = scannedKindOf(name);
      if (namedKind === null) continue;
      const path = join(folder, name);
      const { size, mtime } = await Deno.stat(path);
      const kind = namedKind === "model" && await isA1111Sidecar(path, size) ? "sidecar" : namedKind;
      const ids = kind === "model" ? await readIds(path.replaceAll("\\", "/"), size) : NO_IDS;
      yield { path: inside(root, path), kind, sizeBytes: size, mtimeMs: mtime?.getTime() ?? null, ...ids };
    }
  }
}

/**
 * Index what all `.civitai.info` files of a library say about the files of their versions. The files of a version can
 * be in different folders, and only one of them may have sidecars.
 *
 * @param root The library
 * @param options Signal that aborts the reading
 * @returns The index of described files
 */
export async function indexSidecars(
  root: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SidecarIndex> {
  const index = new SidecarIndex();
  for await (const { folder, names } of foldersOf(root, await startWalk(root))) {
    for (const name of names) {
      options.signal?.throwIfAborted();
      if (!name.toLowerCase().endsWith(INFO)) continue;
      const path = join(folder, name);
      const info = await readJson(path);
      if (isFields(info)) index.add(inside(root, path), info);
    }
  }
  return index;
}

/**
 * Read all sidecars of a library that have a given name, one after another.
 *
 * @param root The library
 * @param name File name, such as `images_metadata.json`
 * @returns Relative path and content of each one that is valid JSON
 */
export async function* sidecarsNamed(
  root: string,
  name: string,
): AsyncGenerator<{ readonly path: string; readonly json: unknown }> {
  for await (const { folder, names } of foldersOf(root, await startWalk(root))) {
    if (!names.includes(name)) continue;
    const path = join(folder, name);
    const json = await readJson(path);
    if (json !== null) yield { path: inside(root, path), json };
  }
}

async function isA1111Sidecar(path: string, size: number): Promise<boolean> {
  return size <= MAX_A1111_BYTES && /\.json$/i.test(path) && isA1111Json(await readJson(path));
}

const NO_IDS: SidecarIds = { modelId: null, versionId: null, fileId: null, sha256: null };

async function readIds(path: string, size: number): Promise<SidecarIds> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const info = idsFromInfo(await readJson(sidecarPath(path, INFO)), name, size);
  const metadata = idsFromMetadata(await readJson(sidecarPath(path, ".metadata.json")), name, size);
  return {
    modelId: info?.modelId ?? metadata?.modelId ?? null,
    versionId: info?.versionId ?? metadata?.versionId ?? null,
    fileId: info?.fileId ?? null,
    sha256: metadata?.sha256 ?? info?.sha256 ?? null,
  };
}

function inside(root: string, path: string): string {
  return relative(root, path).replaceAll("\\", "/");
}

/** A folder with the names of its files. */
interface Folder {
  readonly folder: string;
  readonly names: readonly string[];
}

interface Walk {
  /** Real paths of the folders visited so far. */
  readonly visited: Set<string>;
  /** User id of the library's owner; `null` where the system has none. */
  readonly owner: number | null;
}

async function startWalk(root: string): Promise<Walk> {
  return { visited: new Set(), owner: (await Deno.stat(root)).uid };
}

async function* foldersOf(folder: string, state: Walk): AsyncGenerator<Folder> {
  const { visited, owner } = state;
  const real = await Deno.realPath(folder);
  if (visited.has(real)) return;
  visited.add(real);
  const names: string[] = [];
  for await (const entry of walk(folder, { maxDepth: 1 })) {
    if (entry.path === folder) continue;
    const kind = entry.isSymlink ? await followed(entry.path, owner) : entry;
    if (kind?.isDirectory && !SKIPPED_FOLDERS.has(entry.name)) yield* foldersOf(join(folder, entry.name), state);
    else if (kind?.isFile) names.push(entry.name);
  }
  yield { folder, names };
}

async function followed(path: string, owner: number | null): Promise<Deno.FileInfo | null> {
  return isTrustedLink(await Deno.lstat(path), owner) ? await statOrNull(path) : null;
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Read a sidecar; `null` if it is missing, too large, damaged or not JSON. */
async function readJson(path: string): Promise<unknown> {
  try {
    if ((await Deno.stat(path)).size > MAX_SIDECAR_BYTES) return null;
    return parseLossless(await Deno.readTextFile(path));
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory;
    if (isNone || error instanceof SyntaxError) return null;
    throw error;
  }
}
