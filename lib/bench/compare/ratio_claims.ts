import type { Measured, RatioSamples } from "../../judge/mod.ts";
import { hodgesLehmannRatio } from "../../stats/mod.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import { noiseFloorOf } from "./noise_floor.ts";

/** Both sides of a benchmark. */
export interface BenchmarkSides {
  /** The benchmark in the baseline; `undefined` if it does not exist there. */
  readonly base: MeasuredBenchmark | undefined;
  /** The benchmark in the candidate; `undefined` if it does not exist there. */
  readonly target: MeasuredBenchmark | undefined;
}

/**
 * Measure how many times as long the candidate takes as the baseline, or how many times as much of a count it has. A
 * count that grows at all fails.
 *
 * @param id Id of the claim
 * @param sides Both sides
 * @returns The claim without a requirement; `null` for a new benchmark, which has nothing to be slower than
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { slowdownClaim } from "@civitai-dl/civitai-dl/bench";
 *
 * // `again` would be a second measurement of the baseline, for the noise of times; exact counts need none.
 * const about = { name: "requests", unit: "count", isExact: true, again: [], problem: null } as const;
 * const sides = { base: { ...about, samples: [40, 40] }, target: { ...about, samples: [41, 41] } };
 * assertEquals(slowdownClaim("slowdown:requests", sides)!.failure, "the count grew: 40 became 41");
 * ```
 */
export function slowdownClaim(id: string, sides: BenchmarkSides): Measured | null {
  return claimOf(id, sides, "slowdown");
}

/** Measure how many times as fast the candidate is, as {@linkcode slowdownClaim} measures the opposite. */
export function speedUpClaim(id: string, sides: BenchmarkSides): Measured | null {
  return claimOf(id, sides, "speed-up");
}

/**
 * A claim about numbers that cannot be compared: it proves nothing, but must not be missing from a list. It states its
 * verdict, as there are no numbers to judge.
 */
export function claimOfNothing(id: string, note: string): Measured {
  return { id, kind: "stated", unit: "ratio", trials: 0, requirement: null, verdict: "not evaluated", note };
}

type Direction = "slowdown" | "speed-up";

function claimOf(id: string, { base, target }: BenchmarkSides, direction: Direction): Measured | null {
  if (base === undefined && target === undefined) return claimOfNothing(id, "it was not measured");
  if (target === undefined) return failed(id, "the candidate does not have it");
  if (target.problem !== null) return failed(id, `in the candidate: ${target.problem}`);
  if (base === undefined) return null;
  if (base.problem !== null) return claimOfNothing(id, `in the baseline: ${base.problem}`);
  if (base.unit !== target.unit || base.isExact !== target.isExact) return claimOfNothing(id, "their units differ");
  if (target.samples.length === 0) return failed(id, "the candidate has no samples");
  if (base.samples.length === 0) return claimOfNothing(id, "the baseline has no samples");
  if (base.unit === "files" && new Set([...base.samples, ...target.samples]).size > 1) {
    return claimOfNothing(id, "the number of files differs: the sides did not do the same");
  }
  return base.isExact ? claimOfCount(id, base, target, direction) : claimOfTimes(id, base, target, direction);
}

function failed(id: string, why: string): Measured {
  return { ...claimOfNothing(id, ""), failure: why };
}

/** Compare counts. A single additional request fails the slowdown, however small the increase. */
function claimOfCount(id: string, base: MeasuredBenchmark, target: MeasuredBenchmark, direction: Direction): Measured {
  const baseLow = Math.min(...base.samples);
  const baseHigh = Math.max(...base.samples);
  const targetLow = Math.min(...target.samples);
  const targetHigh = Math.max(...target.samples);
  const change = `${formatRange(baseLow, baseHigh)} became ${formatRange(targetLow, targetHigh)}`;
  const hasGrown = direction === "slowdown" && targetLow > baseHigh;
  if (baseLow !== baseHigh || targetLow !== targetHigh) {
    return hasGrown ? failed(id, `the count grew: ${change}`) : claimOfNothing(id, `the count varies: ${change}`);
  }
  const [numerator, denominator] = direction === "slowdown" ? [targetLow, baseLow] : [baseLow, targetLow];
  // Two counts of 0 are equal, although 0 / 0 is not a number.
  const estimate = numerator === denominator ? 1 : numerator / denominator;
  const trials = Math.min(base.samples.length, target.samples.length);
  const claim: Measured = Number.isFinite(estimate)
    ? { id, kind: "amount", unit: "ratio", trials, counted: "runs", estimate, requirement: null }
    : claimOfNothing(id, ZERO);
  return hasGrown ? { ...claim, failure: `the count grew: ${change}` } : claim;
}

const ZERO = "a sample of 0 has no ratio";

/** Compare times or sizes. */
function claimOfTimes(id: string, base: MeasuredBenchmark, target: MeasuredBenchmark, direction: Direction): Measured {
  const [values, others] = direction === "slowdown" ? [target.samples, base.samples] : [base.samples, target.samples];
  if (![...values, ...others].every((one) => one > 0)) return claimOfNothing(id, ZERO);
  // A quotient of two finite numbers may still be infinite or 0.
  const ratios = [Math.max(...values) / Math.min(...others), Math.min(...values) / Math.max(...others)];
  if (!ratios.every((one) => Number.isFinite(one) && one > 0)) {
    return claimOfNothing(id, "the samples are too far apart for a ratio");
  }
  const { value: estimate, low, high, confidence } = hodgesLehmannRatio(values, others);
  const trials = Math.min(values.length, others.length);
  const samples: RatioSamples = { values, base: others, floor: noiseFloorOf(base) };
  return {
    id,
    unit: "ratio",
    trials,
    counted: "runs",
    estimate,
    low,
    high,
    confidence,
    requirement: null,
    // The samples of all slowdowns are tested together later; a speed-up is judged by its interval alone.
    ...direction === "slowdown" ? { kind: "ratio", samples } : { kind: "interval" },
  };
}

function formatRange(low: number, high: number): string {
  return low === high ? String(low) : `${low} to ${high}`;
}
