import { createRedactor, systemEnv, VERSION } from "../lib/base/mod.ts";
import { type Command, CONFIG_FLAG, type Program, type RunMainOptions } from "../lib/cli/mod.ts";
import { configFor, readConfigFile } from "./_config.ts";
import { findSecrets } from "./_secrets.ts";

/**
 * What every command of this program runs in: redaction of its secrets, and the configuration file.
 *
 * @param commands Every command of the program, or the one of a script
 * @returns Options for the frame
 */
export function frameOptions(commands: readonly Command[]): RunMainOptions {
  return {
    redact: createRedactor(findSecrets(Deno.args, systemEnv)),
    async loadConfig(command, explicitPath) {
      const file = await readConfigFile(explicitPath, systemEnv);
      return file === null ? undefined : configFor(file, command, commands);
    },
  };
}

/** A script's own program: one command, with the program's name and version. */
export function scriptProgram(command: Command): Program {
  return {
    name: "civitai-dl",
    version: VERSION,
    summary: command.summary,
    commands: [command],
    defaultCommand: command.name,
    flags: [CONFIG_FLAG],
  };
}
