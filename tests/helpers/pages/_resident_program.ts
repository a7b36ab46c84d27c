/**
 * Runs command lines of the program one after another, in one process: to start it takes longer than most commands.
 * `page_place.ts` has the other side. A request is the working folder, the number of arguments, the arguments, and
 * the environment, each ended by a zero byte; `request`, `out` and `err` are pipes.
 */
import { join } from "node:path";
import { program } from "../../../cli.ts";
import { execute, MemoryIo } from "../../../lib/cli/mod.ts";
import { frameOptions } from "../../../scripts/_frame/run_script.ts";

const [folder] = Deno.args;

/** Writes to the pipes of a launcher. */
class PipeIo extends MemoryIo {
  constructor(readonly outPipe: Deno.FsFile, readonly errPipe: Deno.FsFile) {
    super();
  }

  override writeOut(text: string): void {
    writeAll(this.outPipe, text);
  }

  override writeErr(text: string): void {
    writeAll(this.errPipe, text);
  }
}

function writeAll(pipe: Deno.FsFile, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(pipe.writeSync(bytes));
}

function become(cwd: string, variables: readonly string[]): void {
  Deno.chdir(cwd);
  for (const name of Object.keys(Deno.env.toObject())) Deno.env.delete(name);
  for (const variable of variables) {
    const [, name, value] = /^([^=]+)=([^]*)$/.exec(variable)!;
    Deno.env.set(name!, value!);
  }
}

while (true) {
  const request = await Deno.readTextFile(join(folder!, "request"));
  const [cwd, count, ...fields] = request.split("\0").slice(0, -1);
  become(cwd!, fields.slice(Number(count)));
  // In the order in which the launcher opens them.
  using out = await Deno.open(join(folder!, "out"), { write: true });
  using err = await Deno.open(join(folder!, "err"), { write: true });
  const io = new PipeIo(out, err);
  const code = await execute(program, fields.slice(0, Number(count)), { ...frameOptions(), io });
  await Deno.writeTextFile(join(folder!, "code"), `${code}\n`);
}
