/**
 * Runs the command of a script as often as it is asked, with the frame and the permissions of that script:
 * `_script_worker.ts SCRIPT`. A request is a line of JSON on standard input, and its answer one on standard output.
 */
import { stdin } from "node:process";
import { createInterface } from "node:readline";
import { type Command, execute, MemoryIo } from "../../../lib/cli/mod.ts";
import { frameOptions, scriptProgram } from "../../../scripts/_frame/run_script.ts";

/** A command to run. */
export interface ScriptRequest {
  readonly args: readonly string[];
  readonly cwd: string;
}

if (import.meta.main) {
  const { command }: { readonly command: Command } = await import(Deno.args[0]!);
  for await (const line of createInterface({ input: stdin })) {
    const { args, cwd }: ScriptRequest = JSON.parse(line);
    Deno.chdir(cwd);
    const io = new MemoryIo();
    const code = await execute(scriptProgram(command), args, { ...frameOptions(command.name), io });
    const answer = `${JSON.stringify({ code, signal: null, out: io.out, err: io.err })}\n`;
    await new Blob([answer]).stream().pipeTo(Deno.stdout.writable, { preventClose: true });
  }
}
