import { createRedactor, systemEnv, VERSION } from "../../lib/base/mod.ts";
import { type Command, CONFIG_FLAG, loadProgram, runMain, type RunMainOptions } from "../../lib/cli/mod.ts";
import { configFor, readConfigFile } from "./config_file.ts";
import { startedAs } from "./program_form.ts";
import { findConfigSecrets, findSecrets } from "./secrets.ts";

/**
 * What every command of this program runs in: redaction of its secrets, and the configuration file.
 *
 * @param findCommands Every command of the program: a section of the file may be about any of them
 * @returns Options for the frame
 */
export function frameOptions(findCommands: () => Promise<readonly Command[]>): RunMainOptions {
  const secrets = findSecrets(Deno.args, systemEnv);
  let redact = createRedactor(secrets);
  return {
    started: startedAs(),
    redact: (text) => redact(text),
    async loadConfig(command, explicitPath) {
      const file = await readConfigFile(explicitPath, systemEnv);
      if (file === null) return undefined;
      redact = createRedactor([...secrets, ...findConfigSecrets(file.values)]);
      return configFor(file, command, await findCommands());
    },
  };
}

/**
 * Run a script's command as a program of its own. Does not wait for it: cli.ts, which knows the other commands, imports
 * the scripts, and would wait for the one that runs for ever.
 *
 * @param command The script's command
 */
export function runScript(command: Command): void {
  const { name, summary } = command;
  const program = {
    name: "civitai-dl",
    version: VERSION,
    summary,
    commands: [command],
    defaultCommand: name,
    flags: [CONFIG_FLAG],
  };
  const findCommands = async () => [command, ...(await loadProgram((await import("../../cli.ts")).program)).commands];
  void runMain(program, { ...frameOptions(findCommands), started: startedAs(name) });
}
