import type { Flag } from "./flag.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";

/**
 * All flags of a command: its own, then those of the program, then the frame's. The first of a name wins, and so does
 * the first of a letter.
 *
 * @param own The command's flags
 * @param shared The program's flags
 * @returns Own, shared and global flags
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
