import type { View, ViewEntry } from "../shared/view.ts";

/** A breaker that was not used for so long stands in for nobody, in milliseconds. */
const LATELY_MS = 3_600_000;
/** Older observations do not count, in milliseconds. */
const NOW_MS = 60_000;

/**
 * The first group that is gone: all of it that was used lately has an open breaker, somebody tried it within the last
 * minute in vain, and no bytes came from it meanwhile. A breaker alone proves nothing: it stays open until somebody
 * asks.
 *
 * @param view What is known
 * @param groupOf Which keys stand in for each other
 * @param now Milliseconds since the epoch
 * @returns The group's name; `null` when there is none
 */
export function goneGroup(view: View, groupOf: (key: string) => string, now: number): string | null {
  // Most often nothing is open: this is asked for each call.
  if (!view.breakers.values().some(({ state }) => state.phase !== "closed")) return null;
  const groups = new Map<string, { isThere: boolean; isDenied: boolean }>();
  for (const [key, entry] of view.breakers) {
    const isOpen = entry.state.phase !== "closed";
    if (!isOpen && now - entry.usedAt > LATELY_MS) continue;
    const group = groups.getOrInsertComputed(groupOf(key), () => ({ isThere: false, isDenied: false }));
    group.isThere ||= !isOpen || isFlowing(entry, now);
    group.isDenied ||= isRecent(entry.deniedAt, now);
  }
  for (const [name, { isThere, isDenied }] of groups) if (!isThere && isDenied) return name;
  return null;
}

/** Whether bytes came from it within the last minute. */
export function isFlowing({ flowedAt }: Pick<ViewEntry, "flowedAt">, now: number): boolean {
  return isRecent(flowedAt, now);
}

/**
 * Whether a breaker blocks calls, or had a failure lately. A breaker whose wait is over and that had no call since does
 * not.
 */
export function isBlocking({ state, deniedAt }: Pick<ViewEntry, "state" | "deniedAt">, now: number): boolean {
  if (state.phase === "closed") return false;
  return (state.until !== null && state.until > now) || isRecent(deniedAt, now);
}

function isRecent(at: number | null, now: number): boolean {
  return at !== null && now - at <= NOW_MS;
}
