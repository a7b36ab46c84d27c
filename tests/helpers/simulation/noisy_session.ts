import type { Random } from "../../../lib/base/mod.ts";
import { compareBenchmarks, type DifferenceVerdict, type MeasuredBenchmark } from "../../../lib/bench/mod.ts";

/** A session of runs with the noise of a busy machine. */
export interface NoisySession {
  readonly random: Random;
  /** Runs per side. */
  readonly runs: number;
  /** Variation of runs of equal code. */
  readonly variation: number;
  /** How much slower the target is, as a share. */
  readonly effect: number;
  /** How much slower the machine is at the end than at the start. */
  readonly drift: number;
  /** Whether the sides alternate, with the base twice, or the target runs after the base. */
  readonly order: "in turn" | "one by one";
}

/** Measure one pair of states of the code, with spikes of up to 30 % in one run of twenty. */
export function measureNoisy(session: NoisySession): readonly [MeasuredBenchmark, MeasuredBenchmark] {
  const { random, runs, variation, effect, drift, order } = session;
  const names = ["base", "target", "again"] as const;
  const rounds = Array.from({ length: runs }, (_, round) => round % 2 === 0 ? names : names.toReversed());
  const sequence: readonly string[] = order === "in turn"
    ? rounds.flat()
    : names.slice(0, 2).flatMap((name) => Array(runs).fill(name));
  const samples: Record<string, number[]> = { base: [], target: [], again: [] };
  for (const [place, name] of sequence.entries()) {
    const spike = random() < 0.05 ? 1 + 0.3 * random() : 1;
    const cost = Math.exp(variation * gaussian(random)) * spike * (1 + drift * place / sequence.length);
    samples[name]!.push(name === "target" ? cost * (1 + effect) : cost);
  }
  const common = { name: "work", unit: "seconds", isExact: false, problem: null } as const;
  return [
    { ...common, samples: samples.base!, again: samples.again! },
    { ...common, samples: samples.target!, again: [] },
  ];
}

/** Count the verdicts of many sessions. */
export function countVerdicts(trials: number, session: NoisySession): Readonly<Record<DifferenceVerdict, number>> {
  const counts = { regression: 0, improved: 0, same: 0, inconclusive: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const [base, target] = measureNoisy(session);
    counts[compareBenchmarks([base], [target]).verdict]++;
  }
  return counts;
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
