import type { View } from "./_view.ts";

/** A breaker that was not used for so long stands in for nobody, in milliseconds. */
const LATELY_MS = 3_600_000;

/** The first group of which all that was used lately is not to be had; `null` when there is none. */
export function goneGroup(view: View, groupOf: (key: string) => string, now: number): string | null {
  // Most often nothing is open: this is asked for each call.
  if (!view.breakers.values().some(({ state }) => state.phase !== "closed")) return null;
  const groups = new Map<string, boolean>();
  for (const [key, { state, usedAt }] of view.breakers) {
    const isOpen = state.phase !== "closed";
    if (!isOpen && now - usedAt > LATELY_MS) continue;
    const group = groupOf(key);
    groups.set(group, (groups.get(group) ?? true) && isOpen);
  }
  for (const [group, isGone] of groups) if (isGone) return group;
  return null;
}
