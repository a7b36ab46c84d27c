import { dirname } from "node:path";

/** Options of {@linkcode runPageScript}. */
export interface RunPageScriptOptions {
  readonly cwd: string;
  /** Variables besides those of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What such a script printed. */
export interface PageScriptOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Run a script of a page on this machine, with this Deno as `deno`.
 *
 * @throws {Error} If a command of it fails; with its standard error
 */
export async function runPageScript(
  script: string,
  { cwd, env = {} }: RunPageScriptOptions,
): Promise<PageScriptOutput> {
  const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
  const output = await new Deno.Command("sh", {
    args: ["-euc", script],
    cwd,
    // A task starts in INIT_CWD, and the tests may run in a task themselves.
    env: { NO_COLOR: "1", PATH: path, INIT_CWD: cwd, ...env },
    stdin: "null",
  }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!output.success) throw new Error(`${script} failed: ${stderr}`);
  return { stdout: stdout!, stderr: stderr! };
}
