import { KitError } from "../../base/mod.ts";
import type { BenchSide } from "../bench_side.ts";
import type { BenchCommand, CommandRun } from "./bench_command.ts";
import { type MeasuredProcess, measureProcess } from "./measure_process.ts";
import { type BenchReading, parseBenchOutput } from "./parse_bench_output.ts";

/** Exit codes (128 + signal) of a process that crashed: ILL, TRAP, ABRT, BUS, FPE, SEGV. */
const CRASHES = [132, 133, 134, 135, 136, 139];

/** Options of {@linkcode commandSide}. */
export interface CommandSideOptions {
  /** @default {600_000} */
  readonly timeLimitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives the readings of each run. */
  readonly readings: Map<string, (readonly BenchReading[])[]>;
  readonly onCrash: () => void;
}

/** Create a side that runs a command. A run that crashes is repeated once. */
export function commandSide(name: CommandRun["side"], command: BenchCommand, options: CommandSideOptions): BenchSide {
  const { readings, onCrash } = options;
  return {
    name,
    async run() {
      let run = await runOnce(command, options);
      if (CRASHES.includes(run.code)) {
        onCrash();
        run = await runOnce(command, options);
      }
      readings.set(name, [...readings.get(name) ?? [], readOutput(run)]);
      return run;
    },
  };
}

async function runOnce(command: BenchCommand, options: CommandSideOptions): Promise<MeasuredProcess> {
  const { timeLimitMs = 600_000, signal } = options;
  const { words, cwd, env } = command;
  const limit = AbortSignal.timeout(timeLimitMs);
  try {
    const both = signal === undefined ? limit : AbortSignal.any([limit, signal]);
    return await measureProcess(words, { cwd, env, signal: both });
  } catch (error) {
    if (!limit.aborted || signal?.aborted) throw error;
    throw new KitError("failed", `timed out after ${timeLimitMs / 1000} s`);
  }
}

/**
 * Parse the output of a run. If a benchmark throws, the process exits with an error, but its output is still valid and
 * contains the problem.
 */
function readOutput({ code, stdout, stderr }: MeasuredProcess): readonly BenchReading[] {
  try {
    const found = parseBenchOutput(stdout);
    if (code === 0 || found.some(({ problem }) => problem !== null)) return found;
  } catch (error) {
    if (!(error instanceof SyntaxError) || code === 0) throw error;
  }
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const line = lines.find((one) => /error/i.test(one)) ?? lines.at(-1);
  throw new KitError("failed", `exit code ${code}${line === undefined ? "" : `: ${line.slice(0, 300)}`}`);
}
