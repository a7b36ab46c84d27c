import { childCommand, type ChildOptions } from "../../scripts/_frame/child.ts";

/** The result of a run of the program. */
export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** Its peak memory as reported by Linux; 0 if it was not watched. */
  readonly peakRssBytes: number;
  /** Its arguments as other users of the machine see them; empty if it was not watched. */
  readonly commandLine: string;
  /** Processor time of all its threads, at most a tenth of a second before its end; 0 if it was not watched. */
  readonly processorMs: number;
}

/** An active run of the program. */
export interface RunningProgram {
  readonly kill: (signal: Deno.Signal) => void;
  /**
   * Send a signal once its threads have used more processor time.
   *
   * @returns Its processor time at the signal, as reported by Linux
   */
  readonly killAfter: (processorMs: number, signal: Deno.Signal) => Promise<number>;
  readonly ended: Promise<ProgramRun>;
}

/** Options of {@linkcode startProgram}. */
export interface StartOptions extends ChildOptions {
  /** Whether to watch its memory, its processor time and its arguments. */
  readonly isWatched?: boolean;
}

/** Start the program as a process with narrow permissions. */
export function startProgram(args: readonly string[], options: StartOptions): RunningProgram {
  const start = performance.now();
  const command = childCommand(args, { isSparing: options.isWatched, ...options });
  const child = options.isWatched ? spawnUncovered(command) : command.spawn();
  const watching = options.isWatched ? watch(child.pid) : NOT_WATCHED;
  const ended = child.output().then(async ({ code, stdout, stderr }) => ({
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
    durationMs: performance.now() - start,
    ...await watching,
  }));
  return {
    kill: (signal) => child.kill(signal),
    killAfter: (processorMs, signal) => killAfter(child.pid, processorMs, signal),
    ended,
  };
}

/**
 * Start a program whose time or memory is measured without coverage, also in a run of tests with it: its data takes a
 * second of processor time to write.
 */
export function spawnUncovered(command: Deno.Command): Deno.ChildProcess {
  const folder = Deno.env.get(COVERAGE);
  Deno.env.delete(COVERAGE);
  try {
    return command.spawn();
  } finally {
    if (folder !== undefined) Deno.env.set(COVERAGE, folder);
  }
}

/** The variable by which a run of tests tells its processes where to write coverage. */
const COVERAGE = "DENO_COVERAGE_DIR";

type Watched = Pick<ProgramRun, "peakRssBytes" | "commandLine" | "processorMs">;

const NOT_WATCHED: Watched = { peakRssBytes: 0, commandLine: "", processorMs: 0 };

/**
 * Its current processor time in milliseconds: `utime` and `stime` are the 14th and 15th fields of `/proc/PID/stat`
 * (proc_pid_stat(5)), counted after the name. Needs no other process.
 */
const READ_PROCESSOR_TIME = `
  ticks=$(getconf CLK_TCK)
  look() {
    read -r stat < "/proc/$pid/stat" || exit
    set -- \${stat##*) }
    used=$(((\${12} + \${13}) * 1000 / ticks))
  }
`;

/**
 * Prints its arguments on the first line, then its processor time and its peak memory repeatedly until it has ended.
 * On a busy machine, the shell reads before the system has set the arguments of the new program, or after it has ended:
 * the program is stopped until they are read.
 */
const WATCH = `
  pid=$1
  while words=$(tr "\\0" " " < "/proc/$pid/cmdline"); [ -z "$words" ]; do
    grep -q "^State:[^Z]*$" "/proc/$pid/status" || exit
    sleep 0.01
  done
  kill -s CONT "$pid"; echo "$words"; ${READ_PROCESSOR_TIME}
  while look; do echo "ProcessorMs: $used"; grep VmHWM "/proc/$pid/status"; sleep 0.1; done
`;

const KILL_AFTER = `
  pid=$1; ${READ_PROCESSOR_TIME}
  look; end=$((used + $2))
  while [ "$used" -lt "$end" ]; do sleep 0.01; look; done
  kill -s "$3" "$pid"; look; echo "$used"
`;

async function watch(pid: number): Promise<Watched> {
  if (Deno.build.os !== "linux") return NOT_WATCHED;
  Deno.kill(pid, "SIGSTOP");
  const [commandLine = "", ...samples] = (await runShell(WATCH, [`${pid}`])).split("\n");
  const peaks = samples.map((line) => Number(/VmHWM:\s+(\d+) kB/.exec(line)?.[1] ?? 0) * 1024);
  const times = samples.map((line) => Number(/ProcessorMs: (\d+)/.exec(line)?.[1] ?? 0));
  return { peakRssBytes: Math.max(0, ...peaks), commandLine, processorMs: Math.max(0, ...times) };
}

async function killAfter(pid: number, processorMs: number, signal: Deno.Signal): Promise<number> {
  const atMs = await runShell(KILL_AFTER, [`${pid}`, `${processorMs}`, signal.replace("SIG", "")]);
  if (atMs === "") throw new Error(`Cannot send ${signal} to the program: it has ended`);
  return Number(atMs);
}

/** The runtime denies programs to read `/proc`, but a shell may. */
async function runShell(script: string, words: readonly string[]): Promise<string> {
  const args = ["-c", script, "sh", ...words];
  const { stdout } = await new Deno.Command("sh", { args, stdout: "piped", stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}
