import { writeAtomic } from "../../base/mod.ts";
import type { JsonObject } from "../json_object.ts";
import { mergeSidecar, type SidecarMemory, type SidecarMerge } from "./merge_sidecar.ts";
import { mergeText } from "./merge_text.ts";

/** Options of {@linkcode writeSidecar}. */
export interface WriteSidecarOptions {
  /** What the last write of this sidecar returned as `memory`; without it nothing that exists is changed. */
  readonly previous?: SidecarMemory | null | undefined;
  /**
   * Flush to disk before returning. A sidecar lost in a power cut is written again, so it need not wait for the disk.
   *
   * @default {false}
   */
  readonly sync?: boolean | undefined;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Write a sidecar beside a model, merged with what is there, atomically, and not at all when nothing changes.
 *
 * @param path The file; its folder must exist
 * @param ours An object or a list of objects for JSON, a string for text
 * @param options Memory of the last write
 * @returns What was done, and what to remember
 */
export async function writeSidecar(
  path: string,
  ours: JsonObject | readonly JsonObject[] | string,
  options: WriteSidecarOptions = {},
): Promise<SidecarMerge> {
  const { sync = false } = options;
  const merge = planSidecar(path, ours, options);
  if (merge.content !== null) await writeAtomic(path, merge.content, { sync });
  return merge;
}

/**
 * Decide about a sidecar without writing it: {@linkcode writeSidecar} for whoever writes many and notes them together.
 * Synchronous, because handing a small read to another thread costs more than the read.
 *
 * @param path The file; its folder must exist
 * @param ours An object or a list of objects for JSON, a string for text
 * @param options Memory of the last write
 * @returns What is to be done, and what to remember
 */
export function planSidecar(
  path: string,
  ours: JsonObject | readonly JsonObject[] | string,
  options: Pick<WriteSidecarOptions, "previous"> = {},
): SidecarMerge {
  const { previous = null } = options;
  const existing = readExisting(path);
  if (existing === undefined) {
    const reason = isLink(path) ? "it is a link" : "it is not a readable text";
    return { status: "kept", content: null, memory: previous ?? {}, keptFields: [], reason };
  }
  return typeof ours === "string" ? mergeText(existing, ours, previous) : mergeSidecar(existing, ours, previous);
}

/**
 * The file's text, `null` if there is none, `undefined` if it is no text, too large for a sidecar, or a link: what stands
 * elsewhere would be copied into the library.
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
    // Gone meanwhile.
    return false;
  }
}
