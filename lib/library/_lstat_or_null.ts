/**
 * Stat a path without following links. Return `null` if nothing exists there. Synchronous, because handing the call to
 * another thread costs more than the call.
 */
export function lstatOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
