/**
 * Remove a file or a folder with all that is in it; another process may do the same meanwhile.
 *
 * @param path Which; one that is not there is no error
 */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
