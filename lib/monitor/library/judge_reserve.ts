import type { RunsVerdict } from "../../library/mod.ts";

/** A disk that has no room above its reserve. */
export interface ReserveReached {
  /** Files that the last download left. */
  readonly leftFiles: number;
  /** Their stated size, in bytes. */
  readonly leftBytes: number;
  /** Bytes to free so that all of them can be fetched; at least those that the reserve lacks. */
  readonly missingBytes: number;
}

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
