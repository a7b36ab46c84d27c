import { writeAtomic } from "../../base/mod.ts";
import type { JsonObject } from "../json_object.ts";
import { mergeSidecar, type SidecarKnowledge, type SidecarMerge } from "./merge_sidecar.ts";
import { mergeText } from "./merge_text.ts";

/** Options of {@linkcode writeSidecar}. */
export interface WriteSidecarOptions extends SidecarKnowledge {
  /**
   * Whether to flush the sidecar to the disk before it gets its name. Otherwise, a power cut can leave an empty file in
   * the place of one that has the user's own notes.
   *
   * @default {true}
   */
  readonly sync?: boolean | undefined;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Merge a sidecar with the file on disk and write it atomically. Writes nothing if nothing changes.
 *
 * @param path The file; its folder must exist
 * @param ours An object or a list of objects for JSON, a string for text
 * @param options Memory of the last write, flushing
 * @returns What was done, and the memory for the next write
 */
export async function writeSidecar(
  path: string,
  ours: JsonObject | readonly JsonObject[] | string,
  options: WriteSidecarOptions = {},
): Promise<SidecarMerge> {
  const { sync = true } = options;
  const merge = planSidecar(path, ours, options);
  if (merge.content !== null) await writeAtomic(path, merge.content, { sync });
  return merge;
}

/**
 * Plan the write of a sidecar: {@linkcode writeSidecar} for callers that write many sidecars and record them together.
 * Synchronous, because handing a small read to another thread costs more than the read.
 *
 * @param path The file; its folder must exist
 * @param ours An object or a list of objects for JSON, a string for text
 * @param options Memory of the last write, and which fields are facts
 * @returns What has to be done, and the memory for the next write
 */
export function planSidecar(
  path: string,
  ours: JsonObject | readonly JsonObject[] | string,
  options: SidecarKnowledge = {},
): SidecarMerge {
  const { previous = null } = options;
  const existing = readExisting(path);
  if (existing === undefined) {
    const reason = isLink(path) ? "it is a link" : "it is not readable text";
    return { status: "kept", content: null, memory: previous ?? {}, reason };
  }
  return typeof ours === "string" ? mergeText(existing, ours, previous) : mergeSidecar(existing, ours, options);
}

/**
 * Read the file's text; `null` if there is none, `undefined` if it is not text, is too large for a sidecar, or is a
 * link, since following it would copy text from elsewhere into the library.
 */
function readExisting(path: string): string | null | undefined {
  try {
    const { isFile, isDirectory, size } = Deno.lstatSync(path);
    if (!(isFile || isDirectory) || size > MAX_BYTES) return undefined;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Deno.readFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    // Removed in the meantime.
    return false;
  }
}
