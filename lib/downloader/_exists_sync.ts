const NOTHING = [Deno.errors.NotFound, Deno.errors.NotADirectory, Deno.errors.FilesystemLoop];

/** Whether anything stands at a path, be it a link that leads nowhere. */
export function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (NOTHING.some((type) => error instanceof type)) return false;
    throw error;
  }
}
