const NOTHING = [Deno.errors.NotFound, Deno.errors.NotADirectory, Deno.errors.FilesystemLoop];

/** What stands at a path, links followed; `null` when nothing does, or a link leads nowhere. */
export async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (NOTHING.some((type) => error instanceof type)) return null;
    throw error;
  }
}
