import { type Clock, KitError, systemClock } from "../../base/mod.ts";
import { commandSide } from "./_command_side.ts";
import { gatherReadings } from "./_gather_readings.ts";
import { noSuchBenchmark } from "./_no_such_benchmark.ts";
import type { SideRuns } from "../bench_side.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import type { BenchReading } from "./parse_bench_output.ts";
import { runInterleaved } from "../run_interleaved.ts";

/** A command that runs benchmarks once and prints them, as {@linkcode parseBenchOutput} reads it. */
export interface BenchCommand {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** The same for all benchmarks, where `words` run only some: run once to say which there are, if none is found. */
  readonly allWords?: readonly string[] | undefined;
  /** Where it works. */
  readonly cwd: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Options of {@linkcode measureCommands}. */
export interface MeasureCommandsOptions {
  /** What it was. */
  readonly baseline: BenchCommand;
  /** What it is. */
  readonly target: BenchCommand;
  /** Measured rounds; at least as many if `durationMs` is given. */
  readonly runs: number;
  /** So many rounds as fit in it, decided by the first round alone. */
  readonly durationMs?: number | undefined;
  /**
   * So many rounds at most, however many fit in `durationMs`.
   *
   * @default {Infinity}
   */
  readonly maxRuns?: number | undefined;
  /**
   * A run that takes longer is ended, and fails.
   *
   * @default {600_000}
   */
  readonly timeLimitMs?: number | undefined;
  /**
   * Whether the commands run only some benchmarks, so that one side may have none of them.
   *
   * @default {false}
   */
  readonly isPartial?: boolean | undefined;
  /** Told after each run. */
  readonly onRun?: ((run: CommandRun) => void) | undefined;
  /** Stops everything. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Stamps the runs.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "monotonic"> | undefined;
}

/** Where a run stands among all. */
export interface CommandRun {
  /** Whose: `again` is the baseline once more, for the noise floor. */
  readonly side: "baseline" | "target" | "again";
  /** Its round; 0 is dropped. */
  readonly round: number;
  /** From the beginning of all. */
  readonly startedMs: number;
  /** By the wall clock. */
  readonly seconds: number;
}

/** What two commands measured. */
export interface MeasuredCommands {
  /** With the runs of equal code in `again`. */
  readonly baseline: readonly MeasuredBenchmark[];
  /** In the order in which it printed them. */
  readonly target: readonly MeasuredBenchmark[];
  /** Every run in the order in which they were, those of the dropped round too. */
  readonly order: readonly CommandRun[];
  /** Measured rounds. */
  readonly runs: number;
  /** Rounds that would have fit in `durationMs` beyond `maxRuns`, and were not made. */
  readonly leftOut: number;
  /** Runs that a crash of the runtime ended, and that were run again. */
  readonly crashes: number;
}

/**
 * Let two commands run benchmarks in turn: baseline, target, baseline again, and the next round the other way round.
 * The first round warms up and counts nothing. A run that ends by a signal, as by a crash of the runtime, is run once more;
 * twice in a row is a failure. A target that cannot run has all benchmarks of the baseline as failed.
 *
 * @param options Commands and counts
 * @returns All samples
 * @throws {KitError} `inconclusive` if the baseline cannot run, `usage` if one of both has no benchmark at all, or with
 * `isPartial` neither has one of those that were asked for
 */
export async function measureCommands(options: MeasureCommandsOptions): Promise<MeasuredCommands> {
  const { runs, durationMs, maxRuns = Infinity, onRun = () => {}, signal, clock = systemClock } = options;
  const readings = new Map<string, (readonly BenchReading[])[]>();
  let crashes = 0;
  const shared = { ...options, readings, onCrash: () => crashes++ };
  const sides = [
    commandSide("baseline", options.baseline, shared),
    commandSide("target", options.target, shared),
    commandSide("again", options.baseline, shared),
  ];
  const start = clock.monotonic();
  const order: CommandRun[] = [];
  const turns = async (count: number, firstRound: number): Promise<readonly SideRuns[]> => {
    const offset = clock.monotonic() - start;
    return await runInterleaved({
      sides,
      runs: count,
      warmup: 0,
      signal,
      clock,
      onRun(side, { round, startedMs, seconds }) {
        const place = { round: firstRound + round, startedMs: offset + startedMs, seconds };
        order.push({ side: side as CommandRun["side"], ...place });
        onRun(order.at(-1)!);
      },
    });
  };
  const first = await turns(1, 0);
  await throwProblems(first, readings, options);
  const roundMs = clock.monotonic() - start;
  // A target that cannot run at all needs no more rounds to be told so.
  const isLost = first.find(({ name }) => name === "target")!.problem !== null;
  const fitting = durationMs === undefined ? runs : Math.max(runs, Math.floor(durationMs / roundMs) - 1);
  const planned = Math.min(fitting, Math.max(runs, maxRuns));
  const rounds = isLost ? 0 : planned;
  if (!isLost) readings.clear();
  const problems = isLost ? first : await turns(rounds, 1);
  const baselineProblem = problems.find(({ name, problem }) => name !== "target" && problem !== null);
  if (baselineProblem !== undefined) throw cannotRun(baselineProblem.problem!);
  const baseline = gatherReadings(readings.get("baseline") ?? [], { again: readings.get("again") ?? [] });
  const target = gatherReadings(readings.get("target") ?? [], {});
  const targetProblem = problems.find(({ name }) => name === "target")!.problem;
  return {
    baseline,
    target: withProblem(target, baseline, targetProblem),
    order,
    runs: rounds,
    leftOut: fitting - planned,
    crashes,
  };
}

/** What the first round says of all others. */
async function throwProblems(
  round: readonly SideRuns[],
  readings: ReadonlyMap<string, readonly (readonly BenchReading[])[]>,
  options: MeasureCommandsOptions,
): Promise<void> {
  const { isPartial = false } = options;
  const baseline = round.find(({ name }) => name === "baseline")!;
  if (baseline.problem !== null) throw cannotRun(baseline.problem);
  const isEmpty = ({ name, problem }: SideRuns) =>
    problem === null && name !== "again" && readings.get(name)![0]!.length === 0;
  const empty = round.filter(isEmpty);
  // What only one side has is new or missing.
  if (isPartial && empty.length < 2) return;
  const unknown = isPartial ? await noSuchBenchmark(options, options) : null;
  if (unknown !== null) throw unknown;
  for (const { name } of empty) {
    throw new KitError("usage", `Cannot compare: the ${name} has no benchmarks`, {
      hint: "Put Deno.bench() calls into benchmarks/, or name what to run with --command",
    });
  }
}

function cannotRun(problem: string): KitError {
  return new KitError("inconclusive", `Cannot measure the baseline: ${problem}`);
}

function withProblem(
  target: readonly MeasuredBenchmark[],
  baseline: readonly MeasuredBenchmark[],
  problem: string | null,
): readonly MeasuredBenchmark[] {
  if (problem === null) return target;
  const known = new Set(target.map(({ name }) => name));
  const others = baseline.filter(({ name }) => !known.has(name)).map((one) => ({ ...one, samples: [], again: [] }));
  return [...target, ...others].map((one) => ({ ...one, problem: one.problem ?? problem }));
}
