import { nodeModule } from "../_node_module.ts";

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
  const { blocks, bfree, bavail, bsize } = await nodeModule("node:fs/promises").statfs(path);
  const used = blocks - bfree;
  const reachable = used + bavail;
  return { usedPercent: reachable === 0 ? 0 : 100 * used / reachable, freeBytes: bavail * bsize };
}

/**
 * Find the topmost folder of the file system that holds `path`, as far as this user can see it.
 *
 * @param path An existing folder, absolute
 * @returns The mount point on Linux and macOS; the root of the drive on Windows
 */
export async function mountPoint(path: string): Promise<string> {
  const { stat } = nodeModule("node:fs/promises");
  const { dirname } = nodeModule("node:path");
  const { dev } = await stat(path);
  for (let top = path;;) {
    const above = dirname(top);
    if (above === top || await stat(above).then((info) => info.dev !== dev, () => true)) return top;
    top = above;
  }
}
