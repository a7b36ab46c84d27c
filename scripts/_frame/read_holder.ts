import { inspectLock, isDenoError } from "../../lib/base/mod.ts";
import type { StatusHolder } from "../../lib/monitor/mod.ts";

/** Who holds a lock; `null` if nobody does. */
export async function readHolder(path: string): Promise<StatusHolder | null> {
  try {
    const lock = await inspectLock(path);
    if (lock === null || !lock.isHeld || lock.holder === undefined) return null;
    const { command, pid, since } = lock.holder;
    return { command, pid, since };
  } catch (error) {
    if (isDenoError(error, "NotADirectory", "PermissionDenied")) return null;
    throw error;
  }
}
