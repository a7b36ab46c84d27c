import { fieldDigest } from "./field_digest.ts";
import type { SidecarMemory, SidecarMerge } from "./merge_sidecar.ts";

/**
 * Merge a sidecar of plain text, such as `description.md`: it is replaced only if it is unchanged since the last write.
 *
 * @param existing Text of the file; `null` or blank if there is none
 * @param ours New text
 * @param previous Memory of the last merge
 * @returns The new text, if any, and the new memory
 */
export function mergeText(existing: string | null, ours: string, previous: SidecarMemory | null = null): SidecarMerge {
  const memory = { "": fieldDigest(ours) };
  if (existing === null || /^[\s\0]*$/.test(existing)) return write("created", ours, memory);
  if (existing === ours) {
    return { status: "unchanged", content: null, memory: previous ?? {}, reason: null };
  }
  if (previous?.[""] === fieldDigest(existing)) return write("updated", ours, memory);
  return { status: "kept", content: null, memory: {}, reason: "somebody else wrote or edited it" };
}

function write(status: "created" | "updated", content: string, memory: SidecarMemory): SidecarMerge {
  return { status, content, memory, reason: null };
}
