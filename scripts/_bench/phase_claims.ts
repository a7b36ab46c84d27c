import { hodgesLehmannRatio, median } from "../../lib/stats/mod.ts";
import type { PhaseBenchmarks } from "./phase_benchmarks.ts";

/** What is promised of a phase, and what was found. */
export interface PhaseClaim {
  /** `speedup:WORKLOAD`. */
  readonly id: string;
  /** The median time of phase 1 by that of the phase. */
  readonly estimate: number;
  /** The lower end of the interval of the ratio of all runs, which has to reach the requirement. */
  readonly bound: number;
  readonly confidence: number;
  /** Runs of the phase. */
  readonly trials: number;
  /** `null` where nothing is promised. */
  readonly requirement: number | null;
  readonly verdict: "pass" | "fail" | "inconclusive";
}

/** So much slower than phase 1 a phase may be where nothing else is promised, as a share. */
const MARGIN = 0.05;

/**
 * Hold the speed-up of each workload against what is promised: on the mixed library 1.2 for phase 3 and 2 for phase 4,
 * for phase 2 no more than 5 % slower, and elsewhere nothing.
 */
export function phaseClaims(
  phase: number,
  facts: PhaseBenchmarks & { readonly speedup: number | null },
): readonly PhaseClaim[] {
  const { benchmarks, baselineBenchmarks, speedup } = facts;
  return benchmarks.filter(({ name, samples }) => name.endsWith(": time") && samples.length > 0).flatMap((one) => {
    const workload = one.name.slice(0, -": time".length);
    const base = baselineBenchmarks.find(({ name }) => name === one.name)?.samples ?? [];
    if (base.length === 0) return [];
    const ratio = hodgesLehmannRatio(base, one.samples);
    const isPromised = workload === "mixed" && phase > 1;
    const requirement = isPromised ? speedup ?? 1 / (1 + MARGIN) : null;
    return [{
      ...{ id: `speedup:${workload}`, estimate: median(base) / median(one.samples), bound: ratio.low },
      ...{ confidence: ratio.confidence, trials: one.samples.length, requirement },
      verdict: requirement === null ? "pass" as const : verdictOf(ratio, requirement),
    }];
  });
}

function verdictOf(
  { low, high, confidence }: { readonly low: number; readonly high: number; readonly confidence: number },
  requirement: number,
): PhaseClaim["verdict"] {
  if (confidence < 0.95) return "inconclusive";
  if (low >= requirement) return "pass";
  return high < requirement ? "fail" : "inconclusive";
}
