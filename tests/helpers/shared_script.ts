import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ScriptProcess } from "./script_process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A command of the program that tests run as their readers do. */
export interface SharedScript {
  /** Words of `deno` that start it with the permissions of its task. */
  readonly words: readonly string[];
  /** Run it to its end in a folder, which is also that of the user's configuration. */
  readonly run: (
    folder: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

/**
 * Run a script with the permissions of its task, in one process for all tests of a file: to load the modules takes longer
 * than most commands do.
 *
 * @param name Such as `status`
 * @param env Variables of the process
 */
export function shareScript(name: string, env: Readonly<Record<string, string>>): SharedScript {
  const script = join(ROOT, "scripts", `${name}.ts`);
  const words = ["run", "-q", "--no-prompt", "--config", join(ROOT, "deno.json"), `-P=${name}`];
  let process: ScriptProcess;
  // Before the first test: a process that a test leaves is an error.
  Deno.test.beforeAll(() => {
    process = new ScriptProcess(script, { words, cwd: ROOT, env });
  });
  Deno.test.afterAll(() => process[Symbol.asyncDispose]());
  return {
    words: [...words, script],
    async run(folder, args, more = {}) {
      const { code, out, err } = await process.run({ args, cwd: folder, env: { XDG_CONFIG_HOME: folder, ...more } });
      return { code, stdout: out, stderr: err };
    },
  };
}
