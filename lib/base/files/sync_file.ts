import { systemFault } from "./system_fault.ts";

/** The part of an open file that flushes it. */
export interface Flushable {
  /** Flush data and metadata to the disk. */
  sync(): Promise<void>;
  /** Flush the data to the disk. */
  syncData(): Promise<void>;
}

/** The part of an open file that flushes it, synchronously. */
export interface FlushableSync {
  /** Flush data and metadata to the disk. */
  syncSync(): void;
  /** Flush the data to the disk. */
  syncDataSync(): void;
}

/**
 * Flush a file to the disk, as far as its file system can.
 *
 * On macOS, Deno flushes by `F_FULLFSYNC`, which also empties the cache of the disk. Some file systems do not have it,
 * such as SMB and NFS shares and some by FUSE; they answer ENOTSUP, ENOTTY or EINVAL. The data alone is then tried. If
 * that is refused too, the system writes the bytes when the file is closed or later, and a power cut before that can
 * lose them.
 *
 * @param os The operating system, a seam for tests
 * @returns Whether it was flushed; `false` if the file system has no way to do it
 * @throws {Error} If the bytes could not be written; after that, the file must not be trusted, since a second flush
 * would succeed without writing them
 */
export async function syncFile(file: Flushable, os: typeof Deno.build.os = Deno.build.os): Promise<boolean> {
  try {
    await file.sync();
    return true;
  } catch (error) {
    if (systemFault(error, os) !== "unsupported") throw error;
  }
  try {
    await file.syncData();
    return true;
  } catch (error) {
    if (systemFault(error, os) !== "unsupported") throw error;
    return false;
  }
}

/**
 * Synchronous {@linkcode syncFile}.
 *
 * @param os The operating system, a seam for tests
 * @returns Whether it was flushed; `false` if the file system has no way to do it
 * @throws {Error} If the bytes could not be written
 */
export function syncFileSync(file: FlushableSync, os: typeof Deno.build.os = Deno.build.os): boolean {
  try {
    file.syncSync();
    return true;
  } catch (error) {
    if (systemFault(error, os) !== "unsupported") throw error;
  }
  try {
    file.syncDataSync();
    return true;
  } catch (error) {
    if (systemFault(error, os) !== "unsupported") throw error;
    return false;
  }
}
