import { endProcess, within } from "../../base/mod.ts";
import { COST_MARK, MEASURING_SHELL, type ReadCost, readShellCost, readTimeCost } from "./_read_cost.ts";
import { captureOutput } from "./_capture_output.ts";
import type { Sample } from "../sample.ts";

/** Options of {@linkcode measureProcess}. */
export interface MeasureProcessOptions {
  /** Working directory. */
  readonly cwd?: string | undefined;
  /** Environment variables to add. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Number of bytes that the run transfers; copied into the sample. */
  readonly bytes?: number | undefined;
  /**
   * Signal that stops the process and all processes that it started: with `SIGTERM`, and two seconds later with
   * `SIGKILL`.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Path of GNU time; `null` to measure without it.
   *
   * @default {"/usr/bin/time"}
   */
  readonly timeProgram?: string | null | undefined;
}

/** Time to wait for output that is still in a pipe after the process ended, in milliseconds. */
const DRAIN_MS = 3000;

/** Cost and output of a process that has ended. */
export interface MeasuredProcess extends Sample {
  /** Exit code of the process. */
  readonly code: number;
  /** The whole standard output. */
  readonly stdout: string;
  /** The whole standard error, without the lines about the cost. */
  readonly stderr: string;
  /** How the cost was measured: by GNU time with `wait4`, by a shell that samples every 50 ms, or only by the clock. */
  readonly method: "time" | "shell" | "clock";
}

/**
 * Run a program and measure it from outside: wall time from start to end of the process, processor time of the process
 * and its children, and the peak memory of the largest of them. On Linux this uses GNU time if it is installed
 * (`wait4`, with a resolution of 10 ms and 1 KiB; starting it takes about a millisecond), otherwise a shell. On other
 * systems it uses only the clock. An orphaned child can keep the output open, so reading stops one second after the
 * process has ended.
 *
 * @param command The program and its arguments
 * @param options Folder, environment, bytes, signal
 * @returns Cost and output; any exit code is a result
 * @throws {Deno.errors.NotFound} If the program does not exist
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { measureProcess } from "@civitai-dl/civitai-dl/bench";
 *
 * const script = 'console.log("done"); Deno.exit(3)';
 * const { code, stdout, seconds } = await measureProcess([Deno.execPath(), "eval", script], { cwd: "." });
 * assertEquals([code, stdout], [3, "done\n"]);
 * assert(seconds > 0);
 * ```
 */
export async function measureProcess(
  command: readonly string[],
  options: MeasureProcessOptions = {},
): Promise<MeasuredProcess> {
  const { cwd, env = {}, bytes = null, signal, timeProgram = "/usr/bin/time" } = options;
  signal?.throwIfAborted();
  const method = await chooseMethod(timeProgram);
  signal?.throwIfAborted();
  const wrapped = wrap(command, method, timeProgram ?? "");
  const start = performance.now();
  const child = new Deno.Command(wrapped[0]!, {
    args: wrapped.slice(1),
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // Use a separate process group, so that the processes that it starts are stopped with it.
    detached: method !== "clock",
    ...cwd === undefined ? {} : { cwd },
  }).spawn();
  const out = captureOutput(child.stdout);
  const err = captureOutput(child.stderr);
  const silent = Promise.all([out.done, err.done]);
  let ending: Promise<void> | undefined;
  const onAbort = () => {
    ending = endProcess(child, { isGroup: method !== "clock", exited: Promise.all([child.status, silent]) });
  };
  signal?.addEventListener("abort", onAbort);
  try {
    const { code } = await child.status;
    const seconds = (performance.now() - start) / 1000;
    await ending;
    await within(silent, DRAIN_MS);
    signal?.throwIfAborted();
    const { stderr, ...cost } = READERS[method](err.text());
    if (isMissing(command[0]!, { code, stderr })) throw new Deno.errors.NotFound(`No program "${command[0]}"`);
    return { seconds, ...cost, bytes, code, stdout: out.text(), stderr, method };
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await ending;
    await Promise.all([out.stop(), err.stop()]);
  }
}

/** A name that is nowhere is 127, or 126 if a folder of PATH must not be read. */
function isMissing(name: string, { code, stderr }: { readonly code: number; readonly stderr: string }): boolean {
  return stderr.includes(name) && (code === 127 || code === 126 && !name.includes("/"));
}

function wrap(command: readonly string[], method: MeasuredProcess["method"], timeProgram: string): readonly string[] {
  if (method === "time") return [timeProgram, "-q", "-f", `${COST_MARK} %U %S %M`, ...command];
  return method === "shell" ? ["sh", "-c", MEASURING_SHELL, "sh", ...command] : command;
}

const READERS: Readonly<Record<MeasuredProcess["method"], (text: string) => ReadCost>> = {
  time: readTimeCost,
  shell: readShellCost,
  clock: (stderr) => ({ stderr, cpuSeconds: null, peakRssBytes: null }),
};

async function chooseMethod(timeProgram: string | null): Promise<"clock" | "time" | "shell"> {
  if (Deno.build.os !== "linux") return "clock";
  return timeProgram !== null && await isGnuTime(timeProgram) ? "time" : "shell";
}

async function isGnuTime(path: string): Promise<boolean> {
  try {
    const { stdout, stderr } = await new Deno.Command(path, { args: ["--version"], stdin: "null" }).output();
    const text = new TextDecoder();
    return /GNU/.test(text.decode(stdout) + text.decode(stderr));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
