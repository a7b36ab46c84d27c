/** Reads an environment variable; an empty one counts as unset. */
export type Env = (name: string) => string | undefined;

/**
 * Read a variable of the process's environment. A variable that the permission set does not include counts as unset;
 * this is not an error.
 *
 * @param name Name of the variable
 * @returns Its value, or `undefined` if it is unset, empty or not permitted
 */
export function systemEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
