import { asIs, type Bilingual } from "../../base/mod.ts";
import type { BreakerEntry, FailsafeState } from "../state/failsafe_state.ts";

/** A closed breaker that was not used for this long does not count as available, in milliseconds. */
const RECENTLY_USED_MS = 3_600_000;
/** Observations older than this do not count, in milliseconds. */
const NOW_MS = 60_000;

/**
 * Find the first group that is unavailable. This means that the breakers of all its recently used keys are open or
 * half-open, that a call to it failed or was refused within the last minute, and that no bytes arrived from it in that
 * time. An open breaker alone proves nothing, because it stays open until the next call.
 *
 * @param state The breakers
 * @param groupOf Maps a key to a group of keys that can replace each other
 * @param now Milliseconds since the epoch
 * @returns Name of the group; `null` if there is none
 */
export function goneGroup(
  { breakers }: Pick<FailsafeState, "breakers">,
  groupOf: (key: string) => string | Bilingual,
  now: number,
): Bilingual | null {
  // Fast path: this runs for each call, and usually all breakers are closed.
  if (!breakers.values().some(({ record }) => record.state !== "closed")) return null;
  const groups = new Map<string, { readonly name: Bilingual; isReachable: boolean; isDenied: boolean }>();
  for (const [key, entry] of breakers) {
    const isOpen = entry.record.state !== "closed";
    if (!isOpen && now - entry.usedAt > RECENTLY_USED_MS) continue;
    const group = groupOf(key);
    const name = typeof group === "string" ? asIs(group) : group;
    const found = groups.get(name.en) ?? { name, isReachable: false, isDenied: false };
    groups.set(name.en, found);
    found.isReachable ||= !isOpen || isFlowing(entry, now);
    found.isDenied ||= isRecent(entry.deniedAt, now);
  }
  for (const { name, isReachable, isDenied } of groups.values()) if (!isReachable && isDenied) return name;
  return null;
}

/** Whether bytes arrived from a key within the last minute. */
function isFlowing({ flowedAt }: Pick<BreakerEntry, "flowedAt">, now: number): boolean {
  return isRecent(flowedAt, now);
}

/**
 * Whether a breaker blocks calls: it is not closed, and it still refuses calls or had a failed or refused call within
 * the last minute. A breaker does not block if its wait is over and it had no such call.
 */
export function isBlocking({ record, deniedAt }: Pick<BreakerEntry, "record" | "deniedAt">, now: number): boolean {
  if (record.state === "closed") return false;
  return (record.until !== null && record.until > now) || isRecent(deniedAt, now);
}

function isRecent(time: number | null, now: number): boolean {
  return time !== null && now - time <= NOW_MS;
}
