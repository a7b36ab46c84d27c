import type { Random } from "../../lib/base/mod.ts";
import type { MeasuredBenchmark } from "../../lib/bench/mod.ts";

/** A session of runs with the noise of a busy machine. */
export interface NoisySession {
  readonly random: Random;
  /** Runs per side. */
  readonly runs: number;
  /** Variation of runs of equal code. */
  readonly variation: number;
  /** How much slower the target is, as a share. */
  readonly effect: number;
}

/** How much slower the machine is at the end than at the start. */
const DRIFT = 0.08;

/** Measure two states of the code in turn, the base twice, with spikes of up to 30 % in one run of twenty. */
export function measureNoisy(session: NoisySession): readonly [MeasuredBenchmark, MeasuredBenchmark] {
  const { random, runs, variation, effect } = session;
  const names = ["base", "target", "again"] as const;
  const sequence = Array.from({ length: runs }, (_, round) => round % 2 === 0 ? names : names.toReversed()).flat();
  const samples: Record<typeof names[number], number[]> = { base: [], target: [], again: [] };
  for (const [place, name] of sequence.entries()) {
    const spike = random() < 0.05 ? 1 + 0.3 * random() : 1;
    const cost = Math.exp(variation * gaussian(random)) * spike * (1 + DRIFT * place / sequence.length);
    samples[name].push(name === "target" ? cost * (1 + effect) : cost);
  }
  const common = { name: "work", unit: "seconds", isExact: false, problem: null } as const;
  return [
    { ...common, samples: samples.base, again: samples.again },
    { ...common, samples: samples.target, again: [] },
  ];
}

/** Draw from the standard normal distribution. */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
