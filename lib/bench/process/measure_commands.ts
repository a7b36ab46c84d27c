import type { BenchCommand, CommandRun } from "./bench_command.ts";
import { type Clock, KitError, quoteWord, systemClock } from "../../base/mod.ts";
import { commandSide } from "./_command_side.ts";
import { gatherReadings } from "./_gather_readings.ts";
import { noSuchBenchmark } from "./_no_such_benchmark.ts";
import type { SideRuns } from "../bench_side.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import type { BenchReading } from "./parse_bench_output.ts";
import { runInterleaved } from "../run_interleaved.ts";

/** Options of {@linkcode measureCommands}. */
export interface MeasureCommandsOptions {
  /** Command of the old code. */
  readonly baseline: BenchCommand;
  /** Command of the candidate. */
  readonly target: BenchCommand;
  /** Number of measured rounds; the minimum number if `durationMs` is set. */
  readonly runs: number;
  /** Time budget in milliseconds: as many rounds as fit, estimated from the duration of the first round. */
  readonly durationMs?: number | undefined;
  /**
   * Maximum number of rounds for `durationMs`; `runs` takes precedence.
   *
   * @default {Infinity}
   */
  readonly maxRuns?: number | undefined;
  /**
   * Time limit of one run in milliseconds; a run that takes longer is stopped and fails.
   *
   * @default {600_000}
   */
  readonly timeLimitMs?: number | undefined;
  /**
   * Whether the commands run only some benchmarks. If so, it is not an error if one side has none of them.
   *
   * @default {false}
   */
  readonly isPartial?: boolean | undefined;
  /** Called after each run, with the number of measured rounds; that is `null` until the warm-up has shown it. */
  readonly onRun?: ((run: CommandRun, rounds: number | null) => void) | undefined;
  /** Stops the run in progress. The rounds that are complete by then are the result; it may have none. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Source of the timestamps of the runs.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "monotonic"> | undefined;
}

/** Result of {@linkcode measureCommands}. */
export interface MeasuredCommands {
  /** Benchmarks of the old code, with the second runs of the old code in `again`. */
  readonly baseline: readonly MeasuredBenchmark[];
  /** Benchmarks of the candidate, in the order of its output. */
  readonly target: readonly MeasuredBenchmark[];
  /** All runs in the order of execution, including those of the warm-up. */
  readonly order: readonly CommandRun[];
  /** Number of measured rounds; 0 if the candidate could not run. */
  readonly runs: number;
  /** Number of rounds that were to be measured: more than `runs` if the signal stopped them. */
  readonly plannedRuns: number;
  /** Number of rounds that would have fit in `durationMs` but were not run because of `maxRuns`. */
  readonly leftOut: number;
  /** Number of runs that crashed and were repeated. */
  readonly crashes: number;
}

/**
 * Run the benchmarks of two commands in turn: baseline, candidate, baseline again, with each round in the reverse order
 * of the previous one. The first round is a warm-up and is not measured. A run that crashes, for example because of the
 * runtime, is repeated once; a second crash is a failure. If the candidate cannot run, nothing is measured, and all
 * benchmarks of the baseline count as failed for it.
 *
 * @param options Commands and counts
 * @returns All samples
 * @throws {KitError} `inconclusive` if the baseline cannot run; `usage` if one of the commands has no benchmarks, or,
 * with `isPartial`, if neither has any of the requested benchmarks
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareBenchmarks, measureCommands } from "@civitai-dl/civitai-dl/bench";
 *
 * // Each command prints what it measured.
 * const command = (seconds: number) => ({
 *   words: ["echo", JSON.stringify({ benchmarks: [{ name: "parse", value: seconds }] })],
 *   cwd: ".",
 * });
 * const { baseline, target } = await measureCommands({ baseline: command(0.2), target: command(0.1), runs: 4 });
 * assertEquals(target[0]!.samples, [0.1, 0.1, 0.1, 0.1]);
 * assertEquals(compareBenchmarks(baseline, target).verdict, "pass");
 * ```
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
  let plannedRounds: number | null = null;
  const runRounds = async (count: number, firstRound: number): Promise<readonly SideRuns[]> => {
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
        onRun(order.at(-1)!, plannedRounds);
      },
    });
  };
  const first = await runRounds(1, 0).catch((error) => {
    if (signal?.aborted) return null;
    throw error;
  });
  // Stopped in the warm-up, which is not measured.
  if (first === null) return { baseline: [], target: [], order, runs: 0, plannedRuns: runs, leftOut: 0, crashes };
  await throwProblems(first, readings, options);
  const roundMs = clock.monotonic() - start;
  // If the candidate cannot run, no more rounds are needed.
  const hasTargetFailed = first.find(({ name }) => name === "target")!.problem !== null;
  const fitting = durationMs === undefined ? runs : Math.max(runs, Math.floor(durationMs / roundMs) - 1);
  const planned = Math.min(fitting, Math.max(runs, maxRuns));
  plannedRounds = planned;
  if (!hasTargetFailed) readings.clear();
  const problems = hasTargetFailed ? first : await runRounds(planned, 1).catch((error) => {
    keepWholeRounds(readings, sides);
    if (signal?.aborted) return first;
    throw error;
  });
  const finished = signal?.aborted ? readings.get("baseline")?.length ?? 0 : planned;
  const rounds = hasTargetFailed ? 0 : finished;
  const baselineProblem = problems.find(({ name, problem }) => name !== "target" && problem !== null);
  if (baselineProblem !== undefined) throw baselineError(baselineProblem.problem!, options);
  const gathered = gatherReadings(readings.get("baseline") ?? [], { again: readings.get("again") ?? [] });
  // A lost candidate has only the warm-up, which provides the names but is not measured.
  const baseline = hasTargetFailed ? withoutSamples(gathered) : gathered;
  const target = hasTargetFailed ? [] : gatherReadings(readings.get("target") ?? [], {});
  const targetProblem = problems.find(({ name }) => name === "target")!.problem;
  return {
    baseline,
    target: withProblem(target, baseline, targetProblem),
    order,
    runs: rounds,
    plannedRuns: hasTargetFailed ? 0 : planned,
    leftOut: fitting - planned,
    crashes,
  };
}

/** Remove what a stop has left of a round; nothing is left if no round was complete. */
function keepWholeRounds(
  readings: Map<string, (readonly BenchReading[])[]>,
  sides: readonly { readonly name: string }[],
): void {
  const rounds = Math.min(...sides.map(({ name }) => readings.get(name)?.length ?? 0));
  if (rounds === 0) readings.clear();
  for (const [name, all] of readings) readings.set(name, all.slice(0, rounds));
}

/** Check the first round: throw if the baseline failed, or if there are no benchmarks to compare. */
async function throwProblems(
  round: readonly SideRuns[],
  readings: ReadonlyMap<string, readonly (readonly BenchReading[])[]>,
  options: MeasureCommandsOptions,
): Promise<void> {
  const { isPartial = false } = options;
  const baseline = round.find(({ name }) => name === "baseline")!;
  if (baseline.problem !== null) throw baselineError(baseline.problem, options);
  const isEmpty = ({ name, problem }: SideRuns) =>
    problem === null && name !== "again" && readings.get(name)![0]!.length === 0;
  const empty = round.filter(isEmpty);
  // A benchmark that exists on only one side is new or missing, which is not an error.
  if (isPartial && empty.length < 2) return;
  const unknown = isPartial ? await noSuchBenchmark(options, options) : null;
  if (unknown !== null) throw unknown;
  for (const { name } of empty) {
    throw new KitError("usage", `Cannot compare: the ${name} has no benchmarks`, {
      hint: "Put Deno.bench() calls into benchmarks/, or name what to run with --command",
    });
  }
}

function baselineError(problem: string, { baseline }: Pick<MeasureCommandsOptions, "baseline">): KitError {
  return new KitError("inconclusive", `Cannot measure the baseline: ${problem}`, {
    hint: `Run it in a checkout of that commit, and see what it says: ${baseline.words.map(quoteWord).join(" ")}`,
  });
}

function withProblem(
  target: readonly MeasuredBenchmark[],
  baseline: readonly MeasuredBenchmark[],
  problem: string | null,
): readonly MeasuredBenchmark[] {
  if (problem === null) return target;
  const known = new Set(target.map(({ name }) => name));
  const others = withoutSamples(baseline.filter(({ name }) => !known.has(name)));
  return [...target, ...others].map((one) => ({ ...one, problem: one.problem ?? problem }));
}

function withoutSamples(benchmarks: readonly MeasuredBenchmark[]): readonly MeasuredBenchmark[] {
  return benchmarks.map((one) => ({ ...one, samples: [], again: [] }));
}
