import { childCommand, type ChildOptions } from "../../scripts/_child.ts";

/** How a run of the program ended. */
export interface ProgramRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** The most memory that it held, by the system's own account; 0 where the system keeps none. */
  readonly peakRssBytes: number;
  /** Its arguments, as other users of the machine could see them. */
  readonly commandLine: string;
}

/** A run of the program that is going on. */
export interface RunningProgram {
  readonly kill: (signal: Deno.Signal) => void;
  readonly ended: Promise<ProgramRun>;
}

const SAMPLE_MS = 50;

/** Start the program as a process of its own, with narrow permissions. */
export function startProgram(args: readonly string[], options: ChildOptions): RunningProgram {
  const start = performance.now();
  const child = childCommand(args, options).spawn();
  let peakRssBytes = 0;
  let commandLine = "";
  const sample = (): void => {
    peakRssBytes = Math.max(peakRssBytes, peakRssOf(child.pid));
    commandLine ||= commandLineOf(child.pid);
  };
  const sampling = setInterval(sample, SAMPLE_MS);
  const ended = child.output().then(({ code, stdout, stderr }) => ({
    ...{ code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) },
    ...{ durationMs: performance.now() - start, peakRssBytes, commandLine },
  })).finally(() => clearInterval(sampling));
  return { kill: (signal) => child.kill(signal), ended };
}

function peakRssOf(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readProc(pid, "status"));
  return line === null ? 0 : Number(line[1]) * 1024;
}

function commandLineOf(pid: number): string {
  return readProc(pid, "cmdline").replaceAll("\0", " ");
}

function readProc(pid: number, name: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${name}`);
  } catch {
    // It has ended, or this system has no such files.
    return "";
  }
}
