import { COST_MARK, MEASURING_SHELL, type ReadCost, readShellCost, readTimeCost } from "./_read_cost.ts";
import type { Sample } from "./sample.ts";

/** Options of {@linkcode measureProcess}. */
export interface MeasureProcessOptions {
  /** Where it works. */
  readonly cwd?: string | undefined;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Bytes that the run brings, for the sample. */
  readonly bytes?: number | undefined;
  /** Ends it and all that it started. */
  readonly signal?: AbortSignal | undefined;
  /**
   * GNU time; `null` does without.
   *
   * @default {"/usr/bin/time"}
   */
  readonly timeProgram?: string | null | undefined;
}

/** A process that has ended. */
export interface MeasuredProcess extends Sample {
  /** Its exit code. */
  readonly code: number;
  /** All of its standard output. */
  readonly stdout: string;
  /** All of its standard error. */
  readonly stderr: string;
  /** Who counted: GNU time by `wait4`, a shell that looks every 50 ms, or the clock alone. */
  readonly method: "time" | "shell" | "clock";
}

/**
 * Run a program and measure it from outside: wall time from the start of the process to its end, processor time of it
 * and its children, and the most memory that any one of them held. On Linux by GNU time if it is there (`wait4`, exact
 * to 10 ms and 1 KiB; its own start costs about a millisecond), else by a shell; elsewhere by the clock alone.
 *
 * @param words The program and its arguments
 * @param options Place, environment, bytes
 * @returns What it cost and what it said; any exit code is a result
 * @throws {Deno.errors.NotFound} If there is no such program
 */
export async function measureProcess(
  words: readonly string[],
  options: MeasureProcessOptions = {},
): Promise<MeasuredProcess> {
  const { cwd, env = {}, bytes = null, signal, timeProgram = "/usr/bin/time" } = options;
  signal?.throwIfAborted();
  const method = Deno.build.os !== "linux"
    ? "clock"
    : timeProgram !== null && await isThere(timeProgram)
    ? "time"
    : "shell";
  const wrapped = wrap(words, method, timeProgram ?? "");
  const start = performance.now();
  const child = new Deno.Command(wrapped[0]!, {
    args: wrapped.slice(1),
    ...{ env: { ...env }, stdin: "null", stdout: "piped", stderr: "piped" },
    // A group of its own, so that all that it starts can be ended with it.
    detached: method !== "clock",
    ...cwd === undefined ? {} : { cwd },
  }).spawn();
  const onAbort = () => end(child, method);
  signal?.addEventListener("abort", onAbort);
  try {
    const [seconds, output] = await Promise.all([
      child.status.then(() => (performance.now() - start) / 1000),
      child.output(),
    ]);
    signal?.throwIfAborted();
    const text = new TextDecoder();
    const { stderr, ...cost } = READERS[method](text.decode(output.stderr));
    if (output.code === 127 && stderr.includes(words[0]!)) throw new Deno.errors.NotFound(`No program "${words[0]}"`);
    return { seconds, ...cost, bytes, code: output.code, stdout: text.decode(output.stdout), stderr, method };
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function wrap(words: readonly string[], method: MeasuredProcess["method"], timeProgram: string): readonly string[] {
  if (method === "time") return [timeProgram, "-q", "-f", `${COST_MARK} %U %S %M`, ...words];
  return method === "shell" ? ["sh", "-c", MEASURING_SHELL, "sh", ...words] : words;
}

const READERS: Readonly<Record<MeasuredProcess["method"], (text: string) => ReadCost>> = {
  time: readTimeCost,
  shell: readShellCost,
  clock: (stderr) => ({ stderr, cpuSeconds: null, peakRssBytes: null }),
};

function end(child: Deno.ChildProcess, method: MeasuredProcess["method"]): void {
  try {
    if (method === "clock") child.kill("SIGTERM");
    else Deno.kill(-child.pid, "SIGTERM");
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    const { stdout, stderr } = await new Deno.Command(path, { args: ["--version"], stdin: "null" }).output();
    const text = new TextDecoder();
    return /GNU/.test(text.decode(stdout) + text.decode(stderr));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
