import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { parseLossless } from "./_lossless_json.ts";
import { idsFromInfo, idsFromMetadata } from "./_sidecar_ids.ts";
import { QUARANTINE_FOLDER } from "./quarantine.ts";
import { sidecarPath } from "./sidecar_path.ts";
import { splitName } from "./split_name.ts";

/** A model file found in a library. */
export interface ScannedFile {
  /** Relative to the library, with forward slashes. */
  readonly path: string;
  /** Size on disk. */
  readonly sizeBytes: number;
  /** Date on disk, milliseconds; `null` where the system has none. */
  readonly mtimeMs: number | null;
  /** As its sidecars say. */
  readonly modelId: number | null;
  /** As its sidecars say. */
  readonly versionId: number | null;
  /** As its sidecars say. */
  readonly fileId: number | null;
  /** As its sidecars claim, in lower case: to be proved by hashing. */
  readonly sha256: string | null;
}

const MODEL_EXTENSIONS = /^\.(?:safetensors|sft|gguf|ckpt|pt|pt2|pth|bin|pkl|onnx|zip|ya?ml)$/i;
const SKIPPED_FOLDERS = new Set([QUARANTINE_FOLDER, ".civitai-dl", ".git"]);
const MAX_SIDECAR_BYTES = 64 * 1024 * 1024;

/**
 * Find the model files of a library and what their sidecars say of them, for a catalog that was lost. Folders that are
 * links are entered once; the quarantine and our own state are not.
 *
 * @param root The library
 * @returns The files, in no particular order
 */
export async function* scanLibrary(root: string): AsyncGenerator<ScannedFile> {
  for await (const path of modelFiles(root, new Set())) {
    const { size, mtime } = await Deno.stat(path);
    const slashed = path.replaceAll("\\", "/");
    const name = slashed.slice(slashed.lastIndexOf("/") + 1);
    const info = idsFromInfo(await readJson(sidecarPath(slashed, ".civitai.info")), name, size);
    const metadata = idsFromMetadata(await readJson(sidecarPath(slashed, ".metadata.json")), name, size);
    yield {
      path: relative(root, path).replaceAll("\\", "/"),
      sizeBytes: size,
      mtimeMs: mtime?.getTime() ?? null,
      modelId: info?.modelId ?? metadata?.modelId ?? null,
      versionId: info?.versionId ?? metadata?.versionId ?? null,
      fileId: info?.fileId ?? null,
      sha256: metadata?.sha256 ?? info?.sha256 ?? null,
    };
  }
}

async function* modelFiles(folder: string, visited: Set<string>): AsyncGenerator<string> {
  const real = await Deno.realPath(folder);
  if (visited.has(real)) return;
  visited.add(real);
  for await (const entry of walk(folder, { maxDepth: 1 })) {
    if (entry.path === folder) continue;
    const kind = entry.isSymlink ? await statOrNull(entry.path) : entry;
    if (kind?.isDirectory && !SKIPPED_FOLDERS.has(entry.name)) yield* modelFiles(join(folder, entry.name), visited);
    else if (kind?.isFile && MODEL_EXTENSIONS.test(splitName(entry.name).ext)) yield join(folder, entry.name);
  }
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** A sidecar that is missing, damaged or no JSON says nothing. */
async function readJson(path: string): Promise<unknown> {
  try {
    if ((await Deno.stat(path)).size > MAX_SIDECAR_BYTES) return null;
    return parseLossless(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}
