import { childCommand, type ChildOptions } from "../../scripts/_child.ts";

/** How a run of the program ended. */
export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** The most memory that it held, by Linux's own account; 0 if it was not watched. */
  readonly peakRssBytes: number;
  /** Its arguments, as other users of the machine could see them; empty if it was not watched. */
  readonly commandLine: string;
}

/** A run of the program that is going on. */
export interface RunningProgram {
  readonly kill: (signal: Deno.Signal) => void;
  readonly ended: Promise<ProgramRun>;
}

/** Options of {@linkcode startProgram}. */
export interface StartOptions extends ChildOptions {
  /** Whether to look at its memory and its arguments from outside. */
  readonly isWatched?: boolean;
}

/** Start the program as a process of its own, with narrow permissions. */
export function startProgram(args: readonly string[], options: StartOptions): RunningProgram {
  const start = performance.now();
  const child = childCommand(args, options).spawn();
  const watching = options.isWatched ? watch(child.pid) : NOT_WATCHED;
  const ended = child.output().then(async ({ code, stdout, stderr }) => ({
    ...{ code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) },
    ...{ durationMs: performance.now() - start, ...await watching },
  }));
  return { kill: (signal) => child.kill(signal), ended };
}

type Watched = Pick<ProgramRun, "peakRssBytes" | "commandLine">;

const NOT_WATCHED: Watched = { peakRssBytes: 0, commandLine: "" };

/** Its arguments on the first line, then its peak memory again and again until it has ended. */
const WATCH = 'tr "\\0" " " < "/proc/$1/cmdline"; echo; while grep VmHWM "/proc/$1/status"; do sleep 0.1; done';

/** The runtime does not let a program read `/proc` by itself; a shell may. */
async function watch(pid: number): Promise<Watched> {
  if (Deno.build.os !== "linux") return NOT_WATCHED;
  const args = ["-c", WATCH, "sh", `${pid}`];
  const { stdout } = await new Deno.Command("sh", { args, stdout: "piped", stderr: "null" }).output();
  const [commandLine = "", ...samples] = new TextDecoder().decode(stdout).split("\n");
  const peaks = samples.map((line) => Number(/VmHWM:\s+(\d+) kB/.exec(line)?.[1] ?? 0) * 1024);
  return { peakRssBytes: Math.max(0, ...peaks), commandLine };
}
