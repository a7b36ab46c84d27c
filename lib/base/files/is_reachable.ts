import { nodeModule } from "../_node_module.ts";

/**
 * Whether something can be reached at a path, following links. To find nothing takes a quarter of the time of
 * `statSyncOrNull()`, which gets an error with a stack for it. Unlike that function, this one does not tell an absent
 * file from one in a folder that may not be searched: use it before something that fails there.
 */
export function isReachable(path: string): boolean {
  return nodeModule("node:fs").existsSync(path);
}
