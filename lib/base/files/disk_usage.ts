import { statfs } from "node:fs/promises";

/** Usage of a file system. */
export interface DiskUsage {
  /** Percentage of the space available to ordinary users that is used, as `df` computes it; from 0 to 100. */
  readonly usedPercent: number;
  /** Bytes that an ordinary user can still write. */
  readonly freeBytes: number;
}

/**
 * Measure the usage of the file system that holds `path`.
 *
 * @param path An existing file or folder
 * @returns Used percentage and free bytes
 */
export async function diskUsage(path: string): Promise<DiskUsage> {
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  const used = blocks - bfree;
  const reachable = used + bavail;
  return { usedPercent: reachable === 0 ? 0 : 100 * used / reachable, freeBytes: bavail * bsize };
}
