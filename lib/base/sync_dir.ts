/**
 * Flush a folder's entries to disk, so that a rename in it survives a power cut.
 *
 * @param path The folder
 */
export async function syncDir(path: string): Promise<void> {
  // Windows cannot open a folder as a file, and journals its renames by itself.
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems refuse fsync on a folder; the rename itself is still atomic there.
    if (!/EINVAL|ENOTSUP|not supported|Invalid argument/i.test(String(error))) throw error;
  }
}
