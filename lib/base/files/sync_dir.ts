import { systemFault } from "./system_fault.ts";

/** Flush the entries of a folder to disk, so that a rename in it survives a power failure. */
export async function syncDir(path: string): Promise<void> {
  // Windows cannot open a folder as a file, and its file system journals renames anyway.
  if (Deno.build.os === "windows") return;
  const folder = await Deno.open(path, { read: true });
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems refuse to flush a folder; the rename itself is still atomic there.
    if (systemFault(error) !== "unsupported") throw error;
  } finally {
    folder.close();
  }
}

/**
 * Synchronous {@linkcode syncDir}.
 */
export function syncDirSync(path: string): void {
  if (Deno.build.os === "windows") return;
  const folder = Deno.openSync(path, { read: true });
  try {
    folder.syncSync();
  } catch (error) {
    // Some network file systems refuse to flush a folder; the rename itself is still atomic there.
    if (systemFault(error) !== "unsupported") throw error;
  } finally {
    folder.close();
  }
}
