import { statfs } from "node:fs/promises";

/** How full a file system is. */
export interface DiskUsage {
  /** As `df` counts it: of what an ordinary user could have, the part that is used; 0 to 100. */
  readonly usedPercent: number;
  /** What an ordinary user may still write. */
  readonly freeBytes: number;
}

/**
 * Measure how full the file system that holds `path` is.
 *
 * @param path An existing file or folder
 * @returns Its use
 */
export async function diskUsage(path: string): Promise<DiskUsage> {
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  const used = blocks - bfree;
  const reachable = used + bavail;
  return { usedPercent: reachable === 0 ? 0 : 100 * used / reachable, freeBytes: bavail * bsize };
}
