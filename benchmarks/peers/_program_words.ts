import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

/** Root folder of the checkout. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The command of the task whose permissions and V8 flags all our processes get. */
const TASK = config.tasks.download.command.split(" ");

/**
 * Build the command line of a script as `deno task download` would run it: from source, with its permissions and flags.
 *
 * @param script Path of the script, relative to the root
 * @returns The program and its first arguments
 */
export function programWords(script: string): readonly string[] {
  const options = TASK.slice(TASK.indexOf("run") + 1, -1);
  return [Deno.execPath(), "run", "--config", join(ROOT, "deno.json"), ...options, join(ROOT, script)];
}

/** Build the environment of our processes: without the user's key, settings and proxy. */
export function programEnv(folder: string): Readonly<Record<string, string>> {
  return {
    XDG_CONFIG_HOME: folder,
    NO_PROXY: "127.0.0.1,localhost",
    NO_COLOR: "1",
    CIVITAI_API_KEY: "",
    CIVITAI_TOKEN: "",
  };
}
