/**
 * Runs the command of a script as often as it is asked, with the frame and the permissions of that script:
 * `_script_worker.ts SCRIPT`. A request is a line of JSON on standard input, and its answer one on standard output.
 */
import { stdin } from "node:process";
import { createInterface } from "node:readline";
import { VERSION } from "../../../lib/base/mod.ts";
import { type Command, CONFIG_FLAG, execute, MemoryIo } from "../../../lib/cli/mod.ts";
import { frameOptions } from "../../../scripts/_frame/run_script.ts";

/** A command to run. */
export interface ScriptRequest {
  readonly args: readonly string[];
  readonly cwd: string;
}

if (import.meta.main) {
  const { command }: { readonly command: Command } = await import(Deno.args[0]!);
  const { name, summary } = command;
  // As runScript() does, but without an end of the process.
  const program = {
    name: "civitai-dl",
    version: VERSION,
    summary,
    commands: [command],
    defaultCommand: name,
    flags: [CONFIG_FLAG],
  };
  for await (const line of createInterface({ input: stdin })) {
    const { args, cwd }: ScriptRequest = JSON.parse(line);
    Deno.chdir(cwd);
    const io = new MemoryIo();
    const code = await execute(program, args, { ...frameOptions(name), io });
    const answer = `${JSON.stringify({ code, signal: null, out: io.out, err: io.err })}\n`;
    await new Blob([answer]).stream().pipeTo(Deno.stdout.writable, { preventClose: true });
  }
}
