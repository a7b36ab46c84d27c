import { checkout } from "../../tasks.ts";
import type { Env } from "../../lib/base/mod.ts";
import { execute, loadProgram, MemoryIo } from "../../lib/cli/mod.ts";
import { configFor, readConfigFile } from "../../scripts/_frame/settings/config_file.ts";

const program = await loadProgram(checkout);

/** The result of a command. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Options of {@linkcode call}. */
export interface CallOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly io?: MemoryIo;
}

/** Run the program in this process, with the commands of a checkout; only for command lines that do not depend on the working folder. */
export async function call(argv: readonly string[], options: CallOptions = {}): Promise<Called> {
  const { env: variables = {}, signal, io = new MemoryIo() } = options;
  const env: Env = (name) => variables[name];
  const code = await execute(program, argv, {
    io,
    env,
    signal,
    async loadConfig(command, path) {
      const file = path === undefined ? null : await readConfigFile(path, env);
      return file === null ? undefined : configFor(file, command);
    },
  });
  return { code, out: io.out, err: io.err };
}
