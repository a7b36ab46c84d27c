import { statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";

/**
 * How many bytes an ordinary user may still write to the file system that holds `path`.
 *
 * @param path An existing file or folder
 * @returns Free bytes
 */
export async function freeSpace(path: string): Promise<number> {
  const stats = await statfs(path);
  return stats.bavail * stats.bsize;
}

/** The same, at once, for where nobody can wait. */
export function freeSpaceSync(path: string): number {
  const stats = statfsSync(path);
  return stats.bavail * stats.bsize;
}
