import { fileURLToPath } from "node:url";

/** Options of {@linkcode childCommand}. */
export interface ChildCommandOptions {
  /** A named pipe; until it is written to, another process keeps the standard output open, even after a kill. */
  readonly keeper?: string;
  /** Whether standard error is a pipe. */
  readonly hasErrorPipe?: boolean;
}

/** The command of a process under test. */
export function childCommand(options: ChildCommandOptions = {}): Deno.Command {
  const { keeper, hasErrorPipe = false } = options;
  const permissions = ["--allow-read=/dev/null", "--allow-sys"];
  const args = ["run", "-q", "--no-prompt", ...permissions, fileURLToPath(new URL("_child.ts", import.meta.url))];
  const shared = {
    stdin: "piped",
    stdout: "piped",
    stderr: hasErrorPipe ? "piped" : "inherit",
    env: { NO_COLOR: "1" },
  } as const;
  if (keeper === undefined) return new Deno.Command(Deno.execPath(), { args, ...shared });
  const script = 'cat "$0" & exec "$@"';
  return new Deno.Command("sh", { args: ["-c", script, keeper, Deno.execPath(), ...args], ...shared });
}
