import { statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";

/**
 * Return how many bytes an ordinary user can still write to the file system that holds `path`.
 *
 * @param path An existing file or folder
 * @returns Free bytes
 */
export async function freeSpace(path: string): Promise<number> {
  const stats = await statfs(path);
  return stats.bavail * stats.bsize;
}

/**
 * Synchronous {@linkcode freeSpace}, for callers that cannot await.
 *
 * @param path An existing file or folder
 * @returns Free bytes
 */
export function freeSpaceSync(path: string): number {
  const stats = statfsSync(path);
  return stats.bavail * stats.bsize;
}
