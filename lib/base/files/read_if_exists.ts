/**
 * Read a text file that need not exist.
 *
 * @returns Its text; `null` if there is no such file
 */
export async function readTextIfExists(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * List a folder that need not exist, or that another process removes at the same time.
 *
 * @returns Its entries, in any order; none if there is no such folder
 */
export async function listIfExists(folder: string): Promise<readonly Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
