import type { MeasuredBenchmark } from "../compare/measured_benchmark.ts";
import { hodgesLehmannRatio, median } from "../../stats/mod.ts";
import type { PhaseBenchmarks } from "./phase_benchmarks.ts";

/** What is promised of a phase, and what was found. */
export interface PhaseClaim {
  /** `speedup:WORKLOAD`. */
  readonly id: string;
  /** The median time of phase 1 by that of the phase; `null` where a side has no times. */
  readonly estimate: number | null;
  /** The lower end of the interval of the ratio of all runs, which has to reach the requirement; `null` without one. */
  readonly bound: number | null;
  /** Confidence of the bound, 0 to 1. */
  readonly confidence: number | null;
  /** Runs of the phase. */
  readonly trials: number;
  /** `null` where nothing is promised. */
  readonly requirement: number | null;
  /** Where nothing is promised, `pass` says that every run ended well. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Why, where the numbers do not say it; empty else. */
  readonly note: string;
}

/** What claims are made from. */
export interface PhaseFacts extends PhaseBenchmarks {
  /** How many times as fast as phase 1 the phase has to be on the mixed library; `null` if only not slower. */
  readonly speedup: number | null;
  /** All workloads that were to be measured, by their names: one that broke off has no benchmarks. */
  readonly workloads: readonly string[];
}

/** So much slower than phase 1 a phase may be where nothing else is promised, as a share. */
const MARGIN = 0.05;

/** Whether something is promised of a phase on a workload. */
export function isPromised(phase: number, workload: string): boolean {
  return workload === "mixed" && phase > 1;
}

/**
 * Hold the speed-up of each workload against what is promised: on the mixed library 1.2 for phase 3 and 2 for phase 4,
 * for phase 2 no more than 5 % slower, and elsewhere nothing. A phase that was given up on a workload has failed there,
 * however fast the runs before were; without phase 1, or without any run, the claim is open.
 */
export function phaseClaims(phase: number, facts: PhaseFacts): readonly PhaseClaim[] {
  const { benchmarks, baselineBenchmarks, speedup, workloads } = facts;
  return workloads.map((workload) => {
    const timeOf = (all: readonly MeasuredBenchmark[]) => all.find(({ name }) => name === `${workload}: time`);
    const base = timeOf(baselineBenchmarks);
    const target = timeOf(benchmarks);
    const requirement = isPromised(phase, workload) ? speedup ?? 1 / (1 + MARGIN) : null;
    const times = target?.samples ?? [];
    const baseTimes = base?.samples ?? [];
    const ratio = times.length === 0 || baseTimes.length === 0 ? null : hodgesLehmannRatio(baseTimes, times);
    return {
      id: `speedup:${workload}`,
      estimate: ratio === null ? null : median(baseTimes) / median(times),
      bound: ratio?.low ?? null,
      confidence: ratio?.confidence ?? null,
      trials: times.length,
      requirement,
      ...trouble(base, target) ?? { verdict: verdictOf(ratio!, requirement), note: "" },
    };
  });
}

/** What decides before any number does; `null` if both sides ran to their end. */
function trouble(
  base: MeasuredBenchmark | undefined,
  target: MeasuredBenchmark | undefined,
): Pick<PhaseClaim, "verdict" | "note"> | null {
  const problem = target?.problem ?? null;
  if (problem !== null) return { verdict: "fail", note: `the phase was given up: ${problem}` };
  const baseProblem = base?.problem ?? null;
  if (baseProblem !== null) return { verdict: "inconclusive", note: `phase 1 was given up: ${baseProblem}` };
  const areThere = [base, target].every((one) => one !== undefined && one.samples.length > 0);
  return areThere ? null : { verdict: "inconclusive", note: "it was not measured" };
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
