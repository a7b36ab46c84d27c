import type { Env } from "../../lib/base/mod.ts";
import { type Command, execute, MemoryIo } from "../../lib/cli/mod.ts";
import type { Called } from "./call.ts";

/**
 * Run the command of one script in this process, as a program of its own. Its output names commands as for somebody in
 * the folder of the library or repository, without the flag that says which.
 */
export async function callCommand(
  command: Command,
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Called> {
  const io = new MemoryIo();
  const env: Env = (name) => variables[name];
  const program = {
    name: "civitai-dl",
    version: "1.0.0",
    summary: "",
    commands: [{ ...command, flags: (command.flags ?? []).map((flag) => ({ ...flag, carriedTo: {} })) }],
    defaultCommand: command.name,
  };
  const code = await execute(program, argv, { io, env });
  return { code, out: io.out, err: io.err };
}
