import type { RunsVerdict } from "../../library/mod.ts";
import type { ReserveReached } from "../../status/mod.ts";

/**
 * Decide whether the disk has room above the reserve for what the last download left, or for anything at all. The bytes
 * to free are those of the run's own hint, by the space that is free now.
 */
export function judgeReserve(
  { lastFetch, running }: RunsVerdict,
  { freeBytes, reserveBytes }: { readonly freeBytes: number; readonly reserveBytes: number },
): ReserveReached | null {
  const spareBytes = freeBytes - reserveBytes;
  const isLeftOut = running === null && lastFetch?.cause === "reserve-reached";
  const neededBytes = isLeftOut ? Math.max(1, lastFetch.neededBytes ?? 0) : 0;
  if (spareBytes >= neededBytes) return null;
  const leftFiles = running === null ? lastFetch?.left ?? 0 : 0;
  const leftBytes = running === null ? lastFetch?.leftBytes ?? 0 : 0;
  return { leftFiles, leftBytes, missingBytes: (neededBytes > 1 ? neededBytes : Math.max(leftBytes, 1)) - spareBytes };
}
