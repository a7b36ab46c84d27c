import { COST_MARK, MEASURING_SHELL, type ReadCost, readShellCost, readTimeCost } from "./_read_cost.ts";
import { captureOutput } from "./_capture_output.ts";
import { endProcess } from "./_end_process.ts";
import { within } from "./_within.ts";
import type { Sample } from "../sample.ts";

/** Options of {@linkcode measureProcess}. */
export interface MeasureProcessOptions {
  /** Where it works. */
  readonly cwd?: string | undefined;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Bytes that the run brings, for the sample. */
  readonly bytes?: number | undefined;
  /** Ends it and all that it started: by `SIGTERM`, and two seconds later by `SIGKILL`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * GNU time; `null` does without.
   *
   * @default {"/usr/bin/time"}
   */
  readonly timeProgram?: string | null | undefined;
}

/** How long to wait for output that an ended process has left in a pipe. */
const DRAIN_MS = 1000;

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
 * to 10 ms and 1 KiB; its own start costs about a millisecond), else by a shell; elsewhere by the clock alone. What a
 * process leaves behind may hold its output open: a second after its end, nobody listens any more.
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
  signal?.throwIfAborted();
  const wrapped = wrap(words, method, timeProgram ?? "");
  const start = performance.now();
  const child = new Deno.Command(wrapped[0]!, {
    args: wrapped.slice(1),
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A group of its own, so that all that it starts can be ended with it.
    detached: method !== "clock",
    ...cwd === undefined ? {} : { cwd },
  }).spawn();
  const out = captureOutput(child.stdout);
  const err = captureOutput(child.stderr);
  const silent = Promise.all([out.done, err.done]);
  let ending: Promise<void> | undefined;
  const onAbort = () => {
    ending = endProcess(child, { isGroup: method !== "clock", gone: Promise.all([child.status, silent]) });
  };
  signal?.addEventListener("abort", onAbort);
  try {
    const { code } = await child.status;
    const seconds = (performance.now() - start) / 1000;
    await ending;
    await within(silent, DRAIN_MS);
    signal?.throwIfAborted();
    const { stderr, ...cost } = READERS[method](err.text());
    if (code === 127 && stderr.includes(words[0]!)) throw new Deno.errors.NotFound(`No program "${words[0]}"`);
    return { seconds, ...cost, bytes, code, stdout: out.text(), stderr, method };
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await ending;
    await Promise.all([out.stop(), err.stop()]);
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
