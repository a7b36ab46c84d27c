import { createRedactor, systemEnv, VERSION } from "../../lib/base/mod.ts";
import {
  type Command,
  CONFIG_FLAG,
  nameCommands,
  type Program,
  runMain,
  type RunMainOptions,
} from "../../lib/cli/mod.ts";
import { enterCallersFolder, takeCallersFolder } from "./callers_folder.ts";
import { IN_LIBRARY } from "./command_index.ts";
import { findInvocation, startedAs } from "./program_form.ts";
import { findConfigSecrets, findSecrets } from "./settings/secrets.ts";

/**
 * Create the options for every command of this program: redaction of secrets, the names of commands in texts, and the
 * configuration file.
 *
 * @param script Name of the command, if its script was started directly
 */
export function frameOptions(script?: string): RunMainOptions {
  const invocation = findInvocation();
  const secrets = findSecrets(Deno.args, systemEnv);
  let redact = createRedactor(secrets);
  return {
    started: startedAs(script),
    nameCommands: (text) => nameCommands(text, invocation),
    redact: (text) => redact(text),
    // Imported late, like the configuration below: help needs neither.
    async beforeRun(command, context) {
      if (IN_LIBRARY[command.name] === undefined) return;
      const { requireLibrary } = await import("./library/library_memory.ts");
      await requireLibrary(command, context);
    },
    async loadConfig(command, explicitPath, options) {
      const hasSettings = (command.flags ?? []).length > 0;
      if (!hasSettings && explicitPath === undefined) return undefined;
      const { configFor, readConfigFile } = await import("./settings/config_file.ts");
      const file = await readConfigFile(explicitPath, systemEnv, options);
      if (file === null) return undefined;
      redact = createRedactor([...secrets, ...findConfigSecrets(file.values)]);
      return configFor(file, command);
    },
  };
}

/** Make a command a program of its own, whose only command needs no name. */
export function scriptProgram(command: Command): Program {
  const { name, summary } = command;
  return {
    name: "civitai-dl",
    version: VERSION,
    summary,
    commands: [command],
    defaultCommand: name,
    flags: [CONFIG_FLAG],
  };
}

/** Run a script's command as a separate program. */
export async function runScript(command: Command): Promise<void> {
  enterCallersFolder();
  await runMain(scriptProgram(command), frameOptions(command.name));
}

/** Run a script that works on the checkout itself, and in its root, wherever its task was called. */
export async function runHouseScript(command: Command): Promise<void> {
  takeCallersFolder();
  await runMain(scriptProgram(command), frameOptions(command.name));
}

/** Run the whole program. */
export async function runProgram(program: Program): Promise<void> {
  enterCallersFolder();
  await runMain(program, frameOptions());
}
