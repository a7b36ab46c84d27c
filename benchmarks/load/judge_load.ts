import { type Claim, judgeClaims, type Measured } from "../../lib/judge/mod.ts";
import { medianInterval } from "../../lib/stats/mod.ts";
import type { LoadRun } from "./load_report.ts";

/**
 * What `load-test` asks of a load, and of each run alone: share of files, MB/s, bytes of memory; and the number of runs.
 * The gate judges the claims over all runs by the limits of config/phases.yml.
 */
export const LOAD_LIMITS = { success: 0.995, megabytesPerSecond: 50, memoryBytes: 160_000_000, runs: 10 } as const;

/** The speed of a run in MB/s: all bytes of the library, over the time from the start of the program to its end. */
export function speedOf({ bytes, seconds }: Pick<LoadRun, "bytes" | "seconds">): number {
  return bytes / 1e6 / seconds;
}

/**
 * Explain why a run is not green: the program failed, too few files are right, it was too slow, or it needed too much
 * memory. Within one run these are plain limits; the bounds are over all runs.
 *
 * @param run The run
 * @returns The reasons; empty if it is green
 */
export function explainRed(run: LoadRun): readonly string[] {
  const { success, megabytesPerSecond, memoryBytes } = LOAD_LIMITS;
  const { code, right, files, peakRssBytes } = run;
  const speed = speedOf(run);
  return [
    ...code === 0 ? [] : [`exit code ${code}`],
    ...right >= success * files ? [] : [`${right} of ${files} files are right`],
    ...speed >= megabytesPerSecond ? [] : [`${speed.toFixed(1)} MB/s`],
    ...peakRssBytes === null ? ["its memory is unknown"] : [],
    ...(peakRssBytes ?? 0) <= memoryBytes ? [] : [`${(peakRssBytes! / 1e6).toFixed(1)} MB of memory`],
  ];
}

/**
 * Judge a load from its runs: the rate of right files (exact lower bound over the files of all runs), the speed (lower
 * bound of the median, by the sign test), the largest memory, and that each run is green.
 *
 * @param runs The runs that ended
 * @returns The claims; none passes with fewer than ten runs
 */
export function judgeLoad(runs: readonly LoadRun[]): readonly Claim[] {
  const reservation = runs.length < LOAD_LIMITS.runs
    ? `${runs.length} of the ${LOAD_LIMITS.runs} runs that are required`
    : undefined;
  const measured = [measureSuccess(runs), measureSpeed(runs), measureMemory(runs), measureRuns(runs)];
  return judgeClaims(measured.map((one) => reservation === undefined ? one : { ...one, reservation }));
}

function measureSuccess(runs: readonly LoadRun[]): Measured {
  return {
    id: "load_success",
    kind: "rate",
    unit: "rate",
    events: sumOf(runs, "right"),
    trials: sumOf(runs, "files"),
    counted: "files",
    requirement: { op: ">=", value: LOAD_LIMITS.success },
  };
}

function measureSpeed(runs: readonly LoadRun[]): Measured {
  const base = {
    id: "load_speed",
    kind: "interval",
    unit: "MB/s",
    trials: runs.length,
    counted: "runs",
    requirement: { op: ">=", value: LOAD_LIMITS.megabytesPerSecond },
  } as const;
  if (runs.length === 0) return base;
  const { value: estimate, low, high, confidence } = medianInterval(runs.map(speedOf));
  return { ...base, estimate, low, high, confidence };
}

function measureMemory(runs: readonly LoadRun[]): Measured {
  const known = runs.flatMap(({ peakRssBytes }) => peakRssBytes === null ? [] : [peakRssBytes]);
  const isWhole = known.length === runs.length;
  return {
    id: "load_memory",
    kind: "amount",
    unit: "MB",
    estimate: known.length === 0 ? null : Math.max(...known) / 1e6,
    trials: known.length,
    counted: "runs",
    requirement: { op: "<=", value: LOAD_LIMITS.memoryBytes / 1e6 },
    ...isWhole ? {} : { reservation: `the memory of ${runs.length - known.length} runs is unknown` },
  };
}

function measureRuns(runs: readonly LoadRun[]): Measured {
  const red = runs.map((run) => ({ run, reasons: explainRed(run) })).filter(({ reasons }) => reasons.length > 0);
  const [first] = red;
  return {
    id: "load_runs",
    kind: "amount",
    unit: "",
    estimate: red.length,
    trials: runs.length,
    counted: "runs",
    requirement: { op: "=", value: 0 },
    ...first === undefined ? {} : { note: `run ${first.run.round + 1}: ${first.reasons.join(", ")}` },
  };
}

function sumOf(runs: readonly LoadRun[], key: "files" | "right"): number {
  return runs.reduce((sum, run) => sum + run[key], 0);
}
