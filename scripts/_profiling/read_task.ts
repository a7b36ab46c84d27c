import { join } from "node:path";

/** How deno.json starts a command: what follows `deno run -q --no-prompt`, for a caller in any folder. */
export interface CommandTask {
  /** Its permission set, and its variables. */
  readonly flags: readonly string[];
  /** Its script, or the program and the name of the command. */
  readonly script: readonly string[];
}

/**
 * Read how the task of a command starts it.
 *
 * @param name The name of a command
 * @param root The folder with deno.json
 */
export async function readTask(name: string, root: string): Promise<CommandTask> {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const words: readonly string[] = tasks[name].command.split(" ");
  const at = words.findIndex((word) => word.endsWith(".ts"));
  const flags = words.slice(words.indexOf("--no-prompt") + 1, at);
  return {
    flags: flags.map((flag) => flag.replace("--env-file=", `--env-file=${root}/`)),
    script: [join(root, words[at]!), ...words.slice(at + 1)],
  };
}
