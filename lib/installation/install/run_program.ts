/** Options of {@linkcode runProgram}. */
export interface RunProgramOptions {
  /** Working directory of the program. */
  readonly cwd: string;
  /** Variables added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether the program gets only `env`, and nothing of the environment of this process.
   *
   * @default {false}
   */
  readonly isolated?: boolean | undefined;
  /** Stops the program; the call then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of a program. */
export interface ProgramOutput {
  /** Exit code; any is a result. */
  readonly code: number;
  /** Standard output, without colors. */
  readonly stdout: string;
  /** Standard error, without colors. */
  readonly stderr: string;
}

/**
 * Path of `deno`. An executable of this program is not one, so the first in `PATH` is used there.
 *
 * @param isStandalone Whether this program is such an executable
 */
export function denoPath(isStandalone: boolean = Deno.build.standalone): string {
  return isStandalone ? "deno" : Deno.execPath();
}

/**
 * Run a program to its end.
 *
 * @param words The program and its arguments
 * @param options Folder, environment and signal
 * @returns Exit code and output
 * @throws The signal's reason, if it stops the program
 */
export async function runProgram(words: readonly string[], options: RunProgramOptions): Promise<ProgramOutput> {
  const { cwd, env = {}, isolated = false, signal } = options;
  signal?.throwIfAborted();
  const [program, ...args] = words;
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd,
    clearEnv: isolated,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...signal === undefined ? {} : { signal },
  }).output();
  signal?.throwIfAborted();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** The last lines of what a program said, for a hint; without the trace that Deno adds to some errors. */
export function lastLines({ stdout, stderr }: ProgramOutput, count = 3): string {
  const said = (stderr.trim() === "" ? stdout : stderr).replace(/^Stack backtrace:[^]*/m, "");
  const lines = said.trim().split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").slice(-count).join("; ");
}
