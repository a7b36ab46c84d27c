import { statfs } from "node:fs/promises";

/** What statfs(2) says of a file system in memory. */
const TMPFS_MAGIC = 0x01021994;

/** A temporary folder in memory, which is removed when it is disposed of. */
export interface MemoryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Make a temporary folder in memory. Deno may not write to /dev/shm, but the folder of temporary files is in memory on
 * many systems, and TMPDIR can name one that is.
 *
 * @returns `null` if the folder of temporary files is on a disk, or has no room for so many bytes
 */
export async function memoryFolder(bytes: number): Promise<MemoryFolder | null> {
  const path = await Deno.makeTempDir({ prefix: "civitai-dl-bench-" });
  const remove = () => Deno.remove(path, { recursive: true });
  const { type, bavail, bsize } = await statfs(path);
  if (type === TMPFS_MAGIC && bavail * bsize >= bytes) return { path, [Symbol.asyncDispose]: remove };
  await remove();
  return null;
}
