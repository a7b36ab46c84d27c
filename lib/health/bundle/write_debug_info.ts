import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { KitError, openNoFollow, type Redactor, removeIfExists, renameFile, syncDir } from "../../base/mod.ts";
import type { DebugSource, LeftOut } from "./debug_source.ts";
import { redactedLines } from "./redacted_lines.ts";

/** An entry of the archive, as its manifest describes it. */
export interface DebugEntry {
  /** Path in the archive. */
  readonly name: string;
  /** Bytes after redaction, before compression. */
  readonly bytes: number;
  /** SHA-256 of these bytes, in lower case. */
  readonly sha256: string;
  /** What is missing from it; `null` if it is whole. */
  readonly note: string | null;
}

/** The last entry of the archive, `manifest.json`. */
export interface DebugManifest {
  /** Kind of the document. */
  readonly schema: "civitai-dl/debug-info";
  /** Version of the format. */
  readonly version: 1;
  /** When it was made, ISO 8601 UTC. */
  readonly time: string;
  /** Version of the program. */
  readonly programVersion: string;
  /** All other entries of the archive. */
  readonly entries: readonly DebugEntry[];
  /** What stayed out, and why. */
  readonly leftOut: readonly LeftOut[];
}

/** What to write. */
export interface DebugContent {
  /** Files, redacted on their way. */
  readonly sources: readonly DebugSource[];
  /** Documents made now, by name in the archive. */
  readonly documents: ReadonlyMap<string, unknown>;
  /** What stayed out, for the manifest. */
  readonly leftOut: readonly LeftOut[];
  /** Facts at the head of the manifest. */
  readonly head: Pick<DebugManifest, "time" | "programVersion">;
}

/** Options of {@linkcode writeDebugInfo}. */
export interface WriteDebugInfoOptions {
  /** Removes secrets and names from everything, entry names included. */
  readonly redact: Redactor;
  /** Stops writing. */
  readonly signal: AbortSignal;
  /** Whether an existing file may be replaced. */
  readonly mayReplace: boolean;
  /** Called before each entry. */
  readonly onEntry?: ((name: string) => void) | undefined;
}

/**
 * Write the archive as a stream to a part file in its folder, which is made if it is missing. The part file
 * gets its name when it is complete and flushed. Whatever happens before, no half archive is left.
 *
 * @param path The archive
 * @param content What goes in
 * @param options Redactor, signal, and whether to replace
 * @returns The manifest, and the size of the archive
 * @throws {KitError} `usage` if the archive exists, `unsafe` if it cannot be written
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createRedactor } from "../../base/mod.ts";
 * import { writeDebugInfo } from "../mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const { manifest } = await writeDebugInfo(`${folder}/debug.zip`, {
 *   sources: [],
 *   documents: new Map([["note.json", "the key is s3cr3t-token"]]),
 *   leftOut: [],
 *   head: { time: "2026-01-01T00:00:00.000Z", programVersion: "1.0.0" },
 * }, { redact: createRedactor(["s3cr3t-token"]), signal: new AbortController().signal, mayReplace: false });
 * assertEquals(manifest.entries[0]?.bytes, '"the key is [redacted]"'.length + 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeDebugInfo(
  path: string,
  content: DebugContent,
  options: WriteDebugInfoOptions,
): Promise<{ readonly manifest: DebugManifest; readonly bytes: number }> {
  const { signal, mayReplace } = options;
  const part = `${path}.part`;
  try {
    if (!mayReplace) await refuseExisting(path);
    await Deno.mkdir(dirname(path), { recursive: true });
    // What a killed run left behind.
    await removeIfExists(part);
    const file = await openNoFollow(part, { write: true, createNew: true, mode: 0o600 });
    try {
      const manifest = await writeZip(file, content, options);
      signal.throwIfAborted();
      await file.sync();
      const { size } = await file.stat();
      if (!mayReplace) await refuseExisting(path);
      await renameFile(part, path);
      await syncDir(dirname(path));
      return { manifest, bytes: size };
    } finally {
      file.close();
    }
  } catch (error) {
    await removeIfExists(part).catch(() => {});
    signal.throwIfAborted();
    if (error instanceof KitError || !(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
    throw new KitError("unsafe", `Cannot write "${path}": ${error.message}`, {
      hint: "Name a file on a disk with space, in a folder that you may write to, by --output",
      cause: error,
    });
  }
}

async function refuseExisting(path: string): Promise<void> {
  const isThere = await Deno.lstat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  if (!isThere) return;
  throw new KitError("usage", `Cannot write "${path}": it exists`, { hint: "Name another --output, or add --force" });
}

async function writeZip(
  file: Deno.FsFile,
  { sources, documents, leftOut, head }: DebugContent,
  { redact, signal, onEntry = () => {} }: WriteDebugInfoOptions,
): Promise<DebugManifest> {
  const { configure, ZipWriter } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false });
  const target = new WritableStream<Uint8Array>({
    async write(bytes) {
      for (let offset = 0; offset < bytes.length;) offset += await file.write(bytes.subarray(offset));
    },
  });
  const zip = new ZipWriter(target, { level: 6, extendedTimestamp: false });
  const lastModDate = new Date(head.time);
  const entries: DebugEntry[] = [];
  const missing: LeftOut[] = [];
  const add = async (name: string, chunks: AsyncIterable<string>, note: string | null): Promise<void> => {
    onEntry(name);
    const hash = createHash("sha256");
    const encoder = new TextEncoder();
    let bytes = 0;
    const readable = ReadableStream.from((async function* () {
      for await (const chunk of chunks) {
        signal.throwIfAborted();
        const data = encoder.encode(chunk);
        hash.update(data);
        bytes += data.length;
        yield data;
      }
    })());
    await zip.add(name, readable, { lastModDate });
    entries.push({ name, bytes, sha256: hash.digest("hex"), note });
  };
  for (const { name, path, bytes, takenBytes } of sources) {
    const note = takenBytes < bytes ? `the newest ${takenBytes} of ${bytes} bytes` : null;
    const clean = redact(name);
    // It may have been rotated away since the plan.
    const isThere = await Deno.lstat(path).then(({ isFile }) => isFile, () => false);
    if (!isThere) missing.push({ name: clean, bytes, reason: "it was gone when its turn came" });
    else await add(clean, redactedLines(path, { tailBytes: takenBytes, redact, signal }), note);
  }
  for (const [name, value] of documents) {
    await add(name, once(redact(`${JSON.stringify(value, null, 2)}\n`)), null);
  }
  const out = [...leftOut, ...missing].map((one) => ({
    name: redact(one.name),
    bytes: one.bytes,
    reason: redact(one.reason),
  }));
  const manifest: DebugManifest = {
    schema: "civitai-dl/debug-info",
    version: 1,
    ...head,
    entries: [...entries],
    leftOut: out,
  };
  await add("manifest.json", once(`${JSON.stringify(manifest, null, 2)}\n`), null);
  await zip.close();
  return manifest;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
