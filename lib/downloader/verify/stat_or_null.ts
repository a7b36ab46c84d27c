const NOTHING = [Deno.errors.NotFound, Deno.errors.NotADirectory, Deno.errors.FilesystemLoop];

/** What stands at a path, links followed; `null` when nothing does, or a link leads nowhere. */
export async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    return nullIfNothing(error);
  }
}

/** The same in this thread, which takes a tenth of the time. */
export function statSyncOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    return nullIfNothing(error);
  }
}

function nullIfNothing(error: unknown): null {
  if (NOTHING.some((type) => error instanceof type)) return null;
  throw error;
}
