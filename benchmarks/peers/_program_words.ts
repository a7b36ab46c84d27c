import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root folder of the checkout. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Build the command line of a script as `deno task download` would run it: from source, with its permissions and flags.
 *
 * @param script Path of the script, relative to the root
 * @param root Root folder of the checkout whose program is run, with the permissions and variables of its own task
 * @returns The program and its first arguments
 */
export function programWords(script: string, root: string = ROOT): readonly string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  const words: readonly string[] = tasks.download.command.split(" ");
  // Paths of a task are relative to the root.
  const options = words.slice(words.indexOf("run") + 1, -1)
    .map((word) => word.replace(/^(--env-file=)(.*)$/, (_, flag, path) => flag + join(root, path)));
  return [Deno.execPath(), "run", "--config", join(root, "deno.json"), ...options, join(root, script)];
}

/** Build the environment of our processes: without the user's key, settings and proxy. */
export function programEnv(folder: string): Readonly<Record<string, string>> {
  return {
    XDG_CONFIG_HOME: folder,
    // Nobody remembers a library: each run makes it anew in the same place.
    XDG_STATE_HOME: join(folder, `state-${crypto.randomUUID()}`),
    NO_PROXY: "127.0.0.1,localhost",
    NO_COLOR: "1",
    CIVITAI_API_KEY: "",
    CIVITAI_TOKEN: "",
  };
}
