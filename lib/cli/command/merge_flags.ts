import type { Flag } from "./flag.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";

/**
 * List all flags of a command: its own, then the program's, then the global ones. If several have the same name, only
 * the first is kept; if several have the same letter, only the first keeps it.
 *
 * @returns Own, shared and global flags, in this order
 */
export function mergeFlags(own: readonly Flag[], shared: readonly Flag[] = []): readonly Flag[] {
  const merged: Flag[] = [];
  for (const flag of [...own, ...shared, ...GLOBAL_FLAGS]) {
    if (merged.some((other) => other.name === flag.name)) continue;
    if (!merged.some((other) => other.short !== undefined && other.short === flag.short)) merged.push(flag);
    else {
      const { short: _, ...rest } = flag;
      merged.push(rest);
    }
  }
  return merged;
}
