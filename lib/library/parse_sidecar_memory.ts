import type { SidecarMemory } from "./merge_sidecar.ts";

/**
 * Read back a memory that was stored as JSON.
 *
 * @param text What the catalog recalled
 * @returns The memory; `null` if there is none or it is damaged, which makes every field somebody else's
 */
export function parseSidecarMemory(text: string | null): SidecarMemory | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return Object.values(value).every((digest) => typeof digest === "string") ? value as SidecarMemory : null;
  } catch {
    // Damaged memory only makes us more careful.
    return null;
  }
}
