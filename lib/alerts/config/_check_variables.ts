import { type Env, KitError } from "../../base/mod.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";

/**
 * Report each `${NAME}` in an address that cannot be read from the environment.
 *
 * @param url The address as written in the file
 * @param path Path of the address in the file
 * @param context The environment, which throws an error with the reason if a variable must not be read, and the
 * mistakes to add to
 * @returns Whether all variables are set and readable
 */
export function checkVariables(
  url: string,
  path: YamlPath,
  context: { readonly env: Env; readonly mistakes: Mistakes },
): boolean {
  const { env, mistakes } = context;
  let isSound = true;
  for (const [within, name = ""] of url.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
    try {
      if (env(name) !== undefined) continue;
      const hint = `Set it where this runs, or replace ${within} with the value`;
      mistakes.add(path, `the environment variable "${name}" is not set`, { within, hint });
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      // The error says why this file may not read the environment, and what to do.
      mistakes.add(path, error.message.replace(/^Cannot/, "cannot"), { within, hint: error.hint });
    }
    isSound = false;
  }
  return isSound;
}
