/** Read one environment variable; empty counts as absent. */
export type Env = (name: string) => string | undefined;

/**
 * The process's environment. A variable that the permission set does not name is absent, not an error.
 *
 * @param name The variable
 * @returns Its value, or `undefined` when it is unset, empty or not permitted
 */
export function systemEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name) || undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
