import { nodeModule } from "../_node_module.ts";

/**
 * Return how many bytes an ordinary user can still write to the file system that holds `path`.
 *
 * @param path An existing file or folder
 * @returns Free bytes
 */
export async function freeSpace(path: string): Promise<number> {
  const stats = await nodeModule("node:fs/promises").statfs(path);
  return stats.bavail * stats.bsize;
}

/**
 * Synchronous {@linkcode freeSpace}, for callers that cannot await.
 *
 * @param path An existing file or folder
 * @returns Free bytes
 */
export function freeSpaceSync(path: string): number {
  const stats = nodeModule("node:fs").statfsSync(path);
  return stats.bavail * stats.bsize;
}
