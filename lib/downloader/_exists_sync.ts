const ABSENT_ERRORS = [Deno.errors.NotFound, Deno.errors.NotADirectory, Deno.errors.FilesystemLoop];

/** Whether anything exists at a path, including a dangling link. */
export function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (ABSENT_ERRORS.some((type) => error instanceof type)) return false;
    throw error;
  }
}
