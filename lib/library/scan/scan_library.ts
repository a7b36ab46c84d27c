import { join, posix } from "node:path";
import { isFields, parseLossless } from "../_lossless_json.ts";
import { idsFromInfo, idsFromMetadata, type SidecarIds } from "./_sidecar_ids.ts";
import { isA1111Json, type ScannedKind, scannedKindOf } from "./scanned_kind.ts";
import { sidecarPath } from "../naming/sidecar_path.ts";
import { SidecarIndex } from "./sidecar_index.ts";
import { statSyncOrNull } from "../../base/mod.ts";
import { walkFiles } from "./walk_files.ts";

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

const MAX_SIDECAR_BYTES = 64 * 1024 * 1024;
/** The user metadata of A1111 contains only what a user types. */
const MAX_A1111_BYTES = 1024 * 1024;
const INFO = ".civitai.info";

/**
 * Find the files of a library and what their sidecars say about them, to rebuild a lost catalog; see
 * {@linkcode walkFiles} for what is skipped. Also skips part files and temporary files.
 *
 * @param root The library
 * @returns The files, in no particular order
 */
export async function* scanLibrary(root: string): AsyncGenerator<ScannedFile> {
  for await (const path of walkFiles(root)) {
    const namedKind = scannedKindOf(posix.basename(path));
    if (namedKind === null) continue;
    const info = statSyncOrNull(join(root, path));
    if (info === null) continue;
    const { size, mtime } = info;
    const kind = namedKind === "model" && isA1111Sidecar(join(root, path), size) ? "sidecar" : namedKind;
    const ids = kind === "model" ? readIds(root, path, size) : NO_IDS;
    yield { path, kind, sizeBytes: size, mtimeMs: mtime?.getTime() ?? null, ...ids };
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
  for await (const path of walkFiles(root)) {
    options.signal?.throwIfAborted();
    if (!path.toLowerCase().endsWith(INFO)) continue;
    const info = readJson(join(root, path));
    if (isFields(info)) index.add(path, info);
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
  for await (const path of walkFiles(root)) {
    if (posix.basename(path) !== name) continue;
    const json = readJson(join(root, path));
    if (json !== null) yield { path, json };
  }
}

function isA1111Sidecar(path: string, size: number): boolean {
  return size <= MAX_A1111_BYTES && /\.json$/i.test(path) && isA1111Json(readJson(path));
}

const NO_IDS: SidecarIds = { modelId: null, versionId: null, fileId: null, sha256: null };

function readIds(root: string, path: string, size: number): SidecarIds {
  const name = posix.basename(path);
  const read = (ending: string): unknown => readJson(join(root, sidecarPath(path, ending)));
  const info = idsFromInfo(read(INFO), name, size);
  const metadata = idsFromMetadata(read(".metadata.json"), name, size);
  return {
    modelId: info?.modelId ?? metadata?.modelId ?? null,
    versionId: info?.versionId ?? metadata?.versionId ?? null,
    fileId: info?.fileId ?? null,
    sha256: metadata?.sha256 ?? info?.sha256 ?? null,
  };
}

/**
 * Read a sidecar; `null` if it is missing, unreadable for this user, too large, damaged or not JSON. Synchronous: passing
 * the calls for a small file to another thread takes several times as long as the calls.
 */
function readJson(path: string): unknown {
  try {
    const info = statSyncOrNull(path);
    if (info === null || !info.isFile || info.size > MAX_SIDECAR_BYTES) return null;
    return parseLossless(Deno.readTextFileSync(path));
  } catch (error) {
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied || error instanceof SyntaxError) return null;
    throw error;
  }
}
