import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The task whose permissions and flags of V8 all of our processes have. */
const TASK = config.tasks.download.command.split(" ");

/**
 * The command line of a script as `deno task download` would run it: from source, with its permission set and flags.
 *
 * @param script Relative to the root
 * @returns Program and first arguments
 */
export function programWords(script: string): readonly string[] {
  const options = TASK.slice(TASK.indexOf("run") + 1, -1);
  return [Deno.execPath(), "run", "--config", join(ROOT, "deno.json"), ...options, join(ROOT, script)];
}

/** What our processes find in their environment: no key, no settings of the user's, no proxy in the way. */
export function programEnv(folder: string): Readonly<Record<string, string>> {
  return {
    XDG_CONFIG_HOME: folder,
    NO_PROXY: "127.0.0.1,localhost",
    NO_COLOR: "1",
    CIVITAI_API_KEY: "",
    CIVITAI_TOKEN: "",
  };
}
