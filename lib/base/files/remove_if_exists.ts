/**
 * Remove a file, or a folder with its content. Another process may remove it at the same time.
 *
 * @param path The file or folder; nothing happens if it does not exist
 */
export async function removeIfExists(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
