/**
 * Whether anything is at a path, also a link that leads nowhere, which `exists` of `@std/fs` reports as absent. Below a
 * file, or below a link that leads to itself, there is nothing.
 *
 * @returns Whether the name is taken
 */
export function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
    if ([NotFound, NotADirectory, FilesystemLoop].some((type) => error instanceof type)) return false;
    throw error;
  }
}
