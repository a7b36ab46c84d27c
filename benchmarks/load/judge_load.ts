import { clopperPearson, medianInterval, type OpenEstimate, samplesToDecide } from "../../lib/stats/mod.ts";
import type { LoadClaim, LoadRun } from "./load_report.ts";

/** What a load has to meet: share of files, MB/s, bytes of memory, and number of runs that all meet them. */
export const LOAD_LIMITS = { success: 0.995, megabytesPerSecond: 50, memoryBytes: 160_000_000, runs: 10 } as const;

const CONFIDENCE = 0.95;

/** The speed of a run in MB/s: all bytes of the library, over the time from the start of the program to its end. */
export function speedOf({ bytes, seconds }: Pick<LoadRun, "bytes" | "seconds">): number {
  return bytes / 1e6 / seconds;
}

/**
 * Explain why a run is not green: the program failed, too few files are right, it was too slow, or it needed too much
 * memory. Within one run these are plain limits; the bounds are over all runs.
 *
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
 * @returns The claims; they are inconclusive with fewer than ten runs, except what has failed already
 */
export function judgeLoad(runs: readonly LoadRun[]): readonly LoadClaim[] {
  const few = runs.length < LOAD_LIMITS.runs
    ? `${runs.length} of the ${LOAD_LIMITS.runs} runs that are required`
    : null;
  return [judgeSuccess(runs, few), judgeSpeed(runs, few), judgeMemory(runs, few), judgeRuns(runs, few)];
}

/** The verdict on all claims together. */
export function verdictOfLoad(claims: readonly LoadClaim[]): "pass" | "fail" | "inconclusive" {
  if (claims.some(({ verdict }) => verdict === "fail")) return "fail";
  return claims.every(({ verdict }) => verdict === "pass") ? "pass" : "inconclusive";
}

function judgeSuccess(runs: readonly LoadRun[], few: string | null): LoadClaim {
  const limit = LOAD_LIMITS.success;
  const trials = runs.reduce((sum, { files }) => sum + files, 0);
  const events = runs.reduce((sum, { right }) => sum + right, 0);
  const facts = {
    id: "load_success",
    unit: "rate",
    events,
    trials,
    counted: "files",
    requirement: `>= ${limit}`,
    note: few,
  } as const;
  if (trials === 0) return { ...facts, estimate: null, bound: null, confidence: null, verdict: "inconclusive" };
  const { low } = clopperPearson({ events, trials, confidence: CONFIDENCE, side: "lower" });
  const { high } = clopperPearson({ events, trials, confidence: CONFIDENCE, side: "upper" });
  const verdict = high < limit ? "fail" : low >= limit && few === null ? "pass" : "inconclusive";
  const judged = { ...facts, estimate: events / trials, bound: low, confidence: CONFIDENCE, verdict } as const;
  return verdict === "inconclusive" && few === null
    ? { ...judged, ...adviseRuns(runs.length, { value: events / trials, low, high, limit }) }
    : judged;
}

function judgeSpeed(runs: readonly LoadRun[], few: string | null): LoadClaim {
  const limit = LOAD_LIMITS.megabytesPerSecond;
  const facts = {
    id: "load_speed",
    unit: "MB/s",
    events: null,
    trials: runs.length,
    counted: "runs",
    requirement: `>= ${limit}`,
    note: few,
  } as const;
  if (runs.length === 0) return { ...facts, estimate: null, bound: null, confidence: null, verdict: "inconclusive" };
  const { value, low, high, confidence } = medianInterval(runs.map(speedOf));
  const verdict = few !== null ? "inconclusive" : low >= limit ? "pass" : high < limit ? "fail" : "inconclusive";
  // A single run has no interval.
  const bound = confidence > 0 ? { bound: low, confidence } : { bound: null, confidence: null };
  const judged = { ...facts, estimate: value, ...bound, verdict } as const;
  return verdict === "inconclusive" && few === null
    ? { ...judged, ...adviseRuns(runs.length, { value, low, high, limit }) }
    : judged;
}

/** Say how many runs would decide, if they stay like these. */
function adviseRuns(runs: number, estimate: OpenEstimate): Pick<LoadClaim, "note" | "decides"> {
  const needed = samplesToDecide(runs, estimate);
  if (needed === null) return { note: "not even 1000 times as many runs would decide" };
  return { note: `if it stays like this, about ${needed} runs would decide`, decides: `--runs ${needed}` };
}

function judgeMemory(runs: readonly LoadRun[], few: string | null): LoadClaim {
  const limit = LOAD_LIMITS.memoryBytes;
  const known = runs.flatMap(({ peakRssBytes }) => peakRssBytes === null ? [] : [peakRssBytes]);
  const peak = known.length === 0 ? null : Math.max(...known);
  const isOver = (peak ?? 0) > limit;
  const isProven = few === null && known.length === runs.length;
  return {
    id: "load_memory",
    unit: "bytes",
    estimate: peak,
    events: null,
    trials: known.length,
    counted: "runs",
    bound: null,
    confidence: null,
    requirement: `<= ${limit}`,
    verdict: isOver ? "fail" : isProven ? "pass" : "inconclusive",
    note: few,
  };
}

function judgeRuns(runs: readonly LoadRun[], few: string | null): LoadClaim {
  const red = runs.map((run) => ({ run, reasons: explainRed(run) })).filter(({ reasons }) => reasons.length > 0);
  const [first] = red;
  return {
    id: "load_runs",
    unit: "count",
    estimate: red.length,
    events: red.length,
    trials: runs.length,
    counted: "runs",
    bound: null,
    confidence: null,
    requirement: "= 0",
    verdict: red.length > 0 ? "fail" : few === null ? "pass" : "inconclusive",
    note: first === undefined ? few : `run ${first.run.round + 1}: ${first.reasons.join(", ")}`,
  };
}
