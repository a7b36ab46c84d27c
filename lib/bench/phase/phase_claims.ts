import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import { hodgesLehmannRatio, median } from "../../stats/mod.ts";
import type { PhaseBenchmarks } from "./phase_benchmarks.ts";

/** A claim about the speed-up of a phase on one workload. */
export interface PhaseClaim {
  /** `speedup:WORKLOAD`. */
  readonly id: string;
  /** Median time of phase 1 divided by that of the phase; `null` if a side has no times. */
  readonly estimate: number | null;
  /** Lower end of the interval of the ratio, which must reach the requirement; `null` if a side has no times. */
  readonly bound: number | null;
  /** Confidence of the bound, 0 to 1; `null` without a bound. */
  readonly confidence: number | null;
  /** Number of measured runs of the phase. */
  readonly trials: number;
  /** Ratio that the bound must reach; `null` if there is no requirement. */
  readonly requirement: number | null;
  /** The verdict; without a requirement, `pass` means that every run succeeded. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Reason for the verdict if it does not follow from the numbers; otherwise empty. */
  readonly note: string;
}

/** Data from which claims are computed. */
export interface PhaseFacts extends PhaseBenchmarks {
  /** How many times as fast as phase 1 the phase must be on workload `mixed`; `null` if it only must not be slower. */
  readonly speedup: number | null;
  /** Names of all workloads that should have been measured; a workload that was aborted has no benchmarks. */
  readonly workloads: readonly string[];
}

/** Data from which the claim against the phase before is computed. */
export interface PreviousPhaseFacts {
  /** Benchmarks of the phase. */
  readonly benchmarks: readonly MeasuredBenchmark[];
  /** Benchmarks of the phase before, measured in the same session. */
  readonly previousBenchmarks: readonly MeasuredBenchmark[];
  /** Name of the workload. */
  readonly workload: string;
  /** How many times as fast as the phase before the phase must be. */
  readonly speedup: number;
}

/** How much slower than phase 1 a phase without a required speed-up may be, as a fraction. */
const MARGIN = 0.05;

/**
 * Whether a phase has a requirement on a workload: only phases 2 to 4 do, on `mixed`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isPromised } from "@civitai-dl/civitai-dl/bench";
 *
 * assertEquals([isPromised(3, "mixed"), isPromised(3, "large"), isPromised(1, "mixed")], [true, false, false]);
 * ```
 */
export function isPromised(phase: number, workload: string): boolean {
  return workload === "mixed" && phase > 1;
}

/**
 * Judge the speed-up on each workload. The requirements on `mixed` are 1.2 for phase 3, 2 for phase 4, and at most 5%
 * slower for phase 2. Other workloads have none. A phase that was given up on a workload fails there, regardless of how
 * fast its earlier runs were. Without phase 1, or without any runs, the verdict is `inconclusive`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { phaseClaims } from "@civitai-dl/civitai-dl/bench";
 *
 * const about = { name: "mixed: time", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const benchmarks = [{ ...about, samples: [1, 1, 1, 1, 1, 1] }];
 * const baselineBenchmarks = [{ ...about, samples: [3, 3, 3, 3, 3, 3] }];
 * const [claim] = phaseClaims(4, { benchmarks, baselineBenchmarks, speedup: 2, workloads: ["mixed"] });
 * assertEquals([claim!.id, claim!.estimate, claim!.verdict], ["speedup:mixed", 3, "pass"]);
 * ```
 */
export function phaseClaims(phase: number, facts: PhaseFacts): readonly PhaseClaim[] {
  const { benchmarks, baselineBenchmarks, speedup, workloads } = facts;
  return workloads.map((workload) => {
    const requirement = isPromised(phase, workload) ? speedup ?? 1 / (1 + MARGIN) : null;
    const times = timesOf(workload, baselineBenchmarks, benchmarks);
    return claimOf(`speedup:${workload}`, { ...times, baseName: "phase 1" }, requirement);
  });
}

/**
 * Judge how much faster a phase is than the phase before, on one workload.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { claimOverPrevious } from "@civitai-dl/civitai-dl/bench";
 *
 * const about = { name: "capped: time", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const benchmarks = [{ ...about, samples: [1, 1, 1, 1, 1, 1] }];
 * const previousBenchmarks = [{ ...about, samples: [3, 3, 3, 3, 3, 3] }];
 * const claim = claimOverPrevious({ benchmarks, previousBenchmarks, workload: "capped", speedup: 1.5 });
 * assertEquals([claim.id, claim.estimate, claim.verdict], ["speedup over the phase before:capped", 3, "pass"]);
 * ```
 */
export function claimOverPrevious(facts: PreviousPhaseFacts): PhaseClaim {
  const { benchmarks, previousBenchmarks, workload, speedup } = facts;
  const times = timesOf(workload, previousBenchmarks, benchmarks);
  return claimOf(`speedup over the phase before:${workload}`, { ...times, baseName: "the phase before" }, speedup);
}

/** The times of both sides on a workload. */
interface Times {
  readonly base: MeasuredBenchmark | undefined;
  readonly target: MeasuredBenchmark | undefined;
}

function timesOf(workload: string, base: readonly MeasuredBenchmark[], target: readonly MeasuredBenchmark[]): Times {
  const find = (all: readonly MeasuredBenchmark[]) => all.find(({ name }) => name === `${workload}: time`);
  return { base: find(base), target: find(target) };
}

function claimOf(
  id: string,
  { base, target, baseName }: Times & { readonly baseName: string },
  requirement: number | null,
): PhaseClaim {
  const times = target?.samples ?? [];
  const baseTimes = base?.samples ?? [];
  const ratio = times.length === 0 || baseTimes.length === 0 ? null : hodgesLehmannRatio(baseTimes, times);
  return {
    id,
    estimate: ratio === null ? null : median(baseTimes) / median(times),
    bound: ratio?.low ?? null,
    confidence: ratio?.confidence ?? null,
    trials: times.length,
    requirement,
    ...findProblem({ base, target, baseName }) ?? { verdict: verdictOf(ratio!, requirement), note: "" },
  };
}

/** Return the verdict if a side was given up or not measured; `null` if both sides completed their runs. */
function findProblem(
  { base, target, baseName }: Times & { readonly baseName: string },
): Pick<PhaseClaim, "verdict" | "note"> | null {
  const problem = target?.problem ?? null;
  if (problem !== null) return { verdict: "fail", note: `the phase was given up: ${problem}` };
  const baseProblem = base?.problem ?? null;
  if (baseProblem !== null) return { verdict: "inconclusive", note: `${baseName} was given up: ${baseProblem}` };
  const hasSamples = [base, target].every((one) => one !== undefined && one.samples.length > 0);
  return hasSamples ? null : { verdict: "inconclusive", note: "it was not measured" };
}

function verdictOf(
  { low, high, confidence }: { readonly low: number; readonly high: number; readonly confidence: number },
  requirement: number | null,
): PhaseClaim["verdict"] {
  if (requirement === null) return "pass";
  if (confidence < 0.95) return "inconclusive";
  if (low >= requirement) return "pass";
  return high < requirement ? "fail" : "inconclusive";
}
