import { formatDuration, KitError } from "../../base/mod.ts";
import { measureCommands, type MeasuredCommands } from "../process/measure_commands.ts";
import type { BenchCommand, CommandRun } from "../process/bench_command.ts";
import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import {
  addWorktree,
  describeCheckout,
  openRepository,
  removeLeftovers,
  type Repository,
  resolveCommit,
} from "../../git/mod.ts";
import { findBenchCommand } from "./find_bench_command.ts";
import { type BenchDocument, COMPARE_SCHEMA } from "../document/bench_document.ts";
import { evidenceHeader } from "./evidence_header.ts";

/**
 * Maximum number of runs of each side. Computing the intervals takes a second, but half a minute for twice as many
 * runs.
 */
export const MAX_RUNS = 200;

/** Options of {@linkcode compareCommits}. */
export interface CompareCommitsOptions {
  /** A folder of the repository. */
  readonly folder: string;
  /** Branch, tag or commit to compare with. */
  readonly baseline: string;
  /** Branch, tag or commit to judge. */
  readonly target: string;
  /** Number of runs of each side. */
  readonly runs: number;
  /** Time budget in milliseconds: as many runs as fit, but at least `runs`; `undefined` for exactly `runs`. */
  readonly durationMs: number | undefined;
  /**
   * Maximum number of runs of each side within `durationMs`.
   *
   * @default {MAX_RUNS}
   */
  readonly maxRuns?: number | undefined;
  /** Time limit of a run, in milliseconds. A run that takes longer is stopped and counts as failed. */
  readonly timeLimitMs: number;
  /** Smallest relevant difference, as a fraction: 0.05 is 5%. */
  readonly margin: number;
  /** Shell command that prints benchmarks as JSON; `null` for the bench files of each commit. */
  readonly command: string | null;
  /** Substrings of the names of the benchmarks to compare; all if empty. */
  readonly only: readonly string[];
  /**
   * Replaces the command of both sides by one that measures more than it, in the same folder.
   *
   * @default {the command itself}
   */
  readonly extend?: ((command: BenchCommand) => BenchCommand) | undefined;
  /**
   * The command of this process, shown to a process that meets the lock of its working trees.
   *
   * @default {"benchmark-compare"}
   */
  readonly startedBy?: string | undefined;
  /** Folder for the list of working trees, by which the next run removes those of a killed run. */
  readonly registry?: string | undefined;
  /** Called with a line for each removed working tree and for each run. */
  readonly onProgress: (text: string) => void;
  /** Stops the measurement; the working trees are removed. */
  readonly signal: AbortSignal;
}

type Sides = Pick<BenchDocument, "benchmarks" | "baselineBenchmarks">;

/**
 * Measure two commits in turn, each with its own code in a temporary working tree. The user's checkout, index and stash
 * remain unchanged.
 *
 * @param options The commits, and how often to measure
 * @returns The report of both sides
 * @throws {KitError} `usage` if the folder is not in a git repository, a commit is unknown, or a commit has no
 * benchmarks
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareBenchmarks, compareCommits } from "@civitai-dl/civitai-dl/bench";
 *
 * const folder = await Deno.makeTempDir();
 * const git = (...args: string[]) => new Deno.Command("git", { args, cwd: folder }).output();
 * await git("init");
 * await git("-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "--allow-empty", "-m", "First");
 * const command = `echo '{"benchmarks":[{"name":"requests","unit":"count","isExact":true,"value":7}]}'`;
 * const sides = { folder, baseline: "HEAD", target: "HEAD", command, only: [] };
 * const effort = { runs: 2, durationMs: undefined, timeLimitMs: 60_000, margin: 0.05 };
 * const { signal } = new AbortController();
 * const report = await compareCommits({ ...sides, ...effort, onProgress: () => {}, signal });
 * assertEquals(compareBenchmarks(report.baselineBenchmarks, report.benchmarks).verdict, "pass");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function compareCommits(options: CompareCommitsOptions): Promise<BenchDocument> {
  const { folder, baseline, target, startedBy = "benchmark-compare", registry, onProgress, signal } = options;
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const repository = await openRepository(folder);
  const baseSha = await resolveCommit(repository, baseline);
  const targetSha = await resolveCommit(repository, target);
  onProgress(`Checking out ${baseline} (${baseSha.slice(0, 9)}) and ${target} (${targetSha.slice(0, 9)})`);
  for (const path of await removeLeftovers({ registry })) onProgress(`Removed what a killed run had left: ${path}`);
  const tree = { command: startedBy, registry, signal };
  const baselineTree = await addWorktree(repository, baseSha, tree);
  let measured: MeasuredCommands;
  try {
    const targetTree = await addWorktree(repository, targetSha, tree);
    try {
      measured = await measureTrees(baselineTree.path, targetTree.path, options);
    } finally {
      await targetTree[Symbol.asyncDispose]();
    }
  } finally {
    await baselineTree[Symbol.asyncDispose]();
  }
  const { runs: done, plannedRuns } = measured;
  const reservation = done < plannedRuns ? `it was stopped after ${done} of ${plannedRuns} rounds` : null;
  const notes = await collectNotes(repository, { ...measured, baseSha, targetSha });
  const header = await evidenceHeader(COMPARE_SCHEMA, {
    startedAt,
    startedMs,
    seed: null,
    folder,
    plannedMs: options.durationMs ?? 0,
  });
  return {
    ...header,
    // The report is about the candidate, regardless of the commit that the user has checked out.
    commit: { sha: targetSha, isDirty: false, ref: target },
    baseline: { name: baseline, sha: baseSha },
    target: { name: target, sha: targetSha },
    margin: options.margin,
    command: options.command,
    only: options.only,
    runs: done,
    ...selectBenchmarks({ benchmarks: measured.target, baselineBenchmarks: measured.baseline }, options.only),
    order: measured.order,
    notes: [...notes, ...reservation === null ? [] : [`No verdict: ${reservation}.`]],
    ...reservation === null ? {} : { reservation },
  };
}

async function measureTrees(
  baselinePath: string,
  targetPath: string,
  options: CompareCommitsOptions,
): Promise<MeasuredCommands> {
  const { runs, durationMs, maxRuns = MAX_RUNS, timeLimitMs, only, onProgress, signal } = options;
  let done = 0;
  return await measureCommands({
    baseline: await benchCommandFor("baseline", baselinePath, options),
    target: await benchCommandFor("target", targetPath, options),
    runs,
    durationMs,
    maxRuns,
    timeLimitMs,
    signal,
    isPartial: only.length > 0,
    onRun: (run, rounds) => onProgress(formatRun(run, { rounds, done: ++done })),
  });
}

async function benchCommandFor(side: string, path: string, options: CompareCommitsOptions) {
  const { extend = (command: BenchCommand) => command } = options;
  try {
    return extend(await findBenchCommand(path, options));
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    const hint = error.hint;
    throw new KitError(error.code, `${error.message} in the ${side}`, { ...hint === undefined ? {} : { hint } });
  }
}

/** Select the benchmarks of both sides by name. A benchmark that exists on only one side is missing or new. */
function selectBenchmarks(sides: Sides, only: readonly string[]): Sides {
  const { benchmarks, baselineBenchmarks } = sides;
  // A measurement that was stopped before its first round has none.
  if (only.length === 0 || benchmarks.length + baselineBenchmarks.length === 0) return sides;
  const select = (all: readonly MeasuredBenchmark[]) =>
    all.filter(({ name }) => only.some((part) => name.includes(part)));
  const picked = { benchmarks: select(benchmarks), baselineBenchmarks: select(baselineBenchmarks) };
  if (picked.benchmarks.length + picked.baselineBenchmarks.length > 0) return picked;
  const names = [...new Set([...baselineBenchmarks, ...benchmarks].map(({ name }) => name))];
  const hint = `There are ${names.join(", ") || "none"}`;
  throw new KitError("usage", `Cannot compare only ${only.join(", ")}: there is no such benchmark`, { hint });
}

async function collectNotes(
  repository: Repository,
  facts: Pick<MeasuredCommands, "runs" | "leftOut" | "crashes"> & {
    readonly baseSha: string;
    readonly targetSha: string;
  },
): Promise<readonly string[]> {
  const { isDirty } = await describeCheckout(repository.root);
  return [
    ...facts.baseSha === facts.targetSha ? ["Both are the same commit: what differs is noise."] : [],
    ...facts.leftOut > 0
      ? [`The duration would have held ${facts.leftOut} rounds more; ${facts.runs} are the most that are compared.`]
      : [],
    ...facts.crashes > 0 ? [`Runs that a crash of the runtime ended, and that were run again: ${facts.crashes}.`] : [],
    ...isDirty ? ["The checkout has changes that are in neither commit, and were not measured."] : [],
  ];
}

/** Runs of a round: baseline, target, baseline again. */
const RUNS_OF_ROUND = 3;

/** Describe a run; from the first measured one on, also how long the others take at the speed of those so far. */
export function formatRun(
  { side, round, startedMs, seconds }: CommandRun,
  { rounds, done }: { readonly rounds: number | null; readonly done: number },
): string {
  const name = side === "again" ? "baseline again" : side;
  const text = `${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}: ${name} ${seconds.toFixed(2)} s`;
  if (rounds === null || round === 0) return text;
  // The warm-up is a round, too.
  const left = RUNS_OF_ROUND * (rounds + 1) - done;
  const leftMs = (startedMs + seconds * 1000) / done * left;
  return leftMs < 1000 ? text : `${text}, about ${formatDuration(Math.round(leftMs / 1000) * 1000)} left`;
}
