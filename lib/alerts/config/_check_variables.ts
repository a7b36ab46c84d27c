import { type Env, KitError } from "../../base/mod.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";

/**
 * Note each `${NAME}` of an address that cannot be read from the environment.
 *
 * @param url The address, as it is written
 * @param path Where it stands
 * @param context The environment; what it throws says why a variable may not be read
 * @returns Whether all of them are there
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
      const hint = `Set it where this runs, or write its value in place of ${within}`;
      mistakes.add(path, `the environment variable "${name}" is not set`, { within, hint });
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      // It says why this file may not read the environment, and what to do.
      mistakes.add(path, error.message.replace(/^Cannot/, "cannot"), { within, hint: error.hint });
    }
    isSound = false;
  }
  return isSound;
}
