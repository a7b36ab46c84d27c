/**
 * Runs the command of a script, or the whole program, as often as it is asked, with its frame: `_script_worker.ts MODULE`.
 * A request is a line of JSON on standard input, and its answer one on standard output.
 */
import { stdin } from "node:process";
import { createInterface } from "node:readline";
import { type Command, execute, MemoryIo, type Program } from "../../lib/cli/mod.ts";
import { frameOptions, scriptProgram } from "../../scripts/_frame/run_script.ts";

/** A command to run. */
export interface ScriptRequest {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Variables that are added to the environment for this run. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** What `cli.ts` or a script exports. */
interface ScriptModule {
  readonly program?: Program;
  readonly command?: Command;
}

async function runRequest(module: ScriptModule, { args, cwd, env = {} }: ScriptRequest): Promise<string> {
  const before = Object.keys(env).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  // The frame finds in it the secrets that it must not print.
  Object.defineProperty(Deno, "args", { value: args, configurable: true });
  const home = Deno.cwd();
  Deno.chdir(cwd);
  const io = new MemoryIo();
  const program = module.program ?? scriptProgram(module.command!);
  const code = await execute(program, args, { ...frameOptions(module.command?.name), io });
  // Windows removes no folder that a process is in.
  Deno.chdir(home);
  for (const [name, value] of before) {
    if (value === undefined) Deno.env.delete(name);
    else Deno.env.set(name, value);
  }
  return JSON.stringify({ code, signal: null, out: io.out, err: io.err });
}

if (import.meta.main) {
  const module: ScriptModule = await import(Deno.args[0]!);
  for await (const line of createInterface({ input: stdin })) {
    const answer = await runRequest(module, JSON.parse(line));
    await new Blob([`${answer}\n`]).stream().pipeTo(Deno.stdout.writable, { preventClose: true });
  }
}
