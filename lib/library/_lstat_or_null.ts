/**
 * What stands at a path, links not followed; `null` when nothing does. Synchronous, because handing it to another thread
 * costs more than the look.
 */
export function lstatOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
