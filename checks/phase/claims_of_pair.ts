import type { Measured, RatioSamples } from "../../lib/judge/mod.ts";
import { noiseFloorOf } from "../../lib/bench/mod.ts";
import { hodgesLehmannRatio } from "../../lib/stats/mod.ts";

/** The fields of a benchmark of one side that are read. */
export interface ReadBenchmark {
  readonly name: string;
  readonly unit: string;
  readonly isExact: boolean;
  readonly samples: readonly number[];
  /** Further runs of the same code in the same session; empty if there are none. */
  readonly again?: readonly number[] | undefined;
  /** Reason why there are no samples or too few; `null` if every run succeeded. */
  readonly problem: string | null;
}

/** Both sides of a benchmark. */
export interface BenchmarkPair {
  /** The benchmark in the baseline; `undefined` if it does not exist there. */
  readonly base: ReadBenchmark | undefined;
  /** The benchmark in the candidate; `undefined` if it does not exist there. */
  readonly target: ReadBenchmark | undefined;
  /** Ids of the claims. */
  readonly ids: ClaimIds;
}

/** Ids of a pair's two claims. */
export interface ClaimIds {
  readonly speedUp: string;
  readonly slowdown: string;
}

/**
 * Compute the claims of a benchmark. If `benchmark-compare` reports it as failed, missing or a regression of a count,
 * the slowdown fails regardless of the ratio. If the sides cannot be compared, the claims have no trials. A new
 * benchmark yields no claims unless it failed.
 */
export function claimsOfPair({ base, target, ids }: BenchmarkPair): readonly Measured[] {
  if (target === undefined) return failed(ids, "the candidate does not have it");
  if (target.problem !== null) return failed(ids, `in the candidate: ${target.problem}`);
  // A new benchmark has no baseline to be slower than.
  if (base === undefined) return [];
  if (base.problem !== null) return claimsOfNothing(ids, `in the baseline: ${base.problem}`);
  if (base.unit !== target.unit || base.isExact !== target.isExact) return claimsOfNothing(ids, "their units differ");
  if (target.samples.length === 0) return failed(ids, "the candidate has no samples");
  if (base.samples.length === 0) return claimsOfNothing(ids, "the baseline has no samples");
  if (base.unit === "files" && new Set([...base.samples, ...target.samples]).size > 1) {
    return claimsOfNothing(ids, "the number of files differs: the sides did not do the same");
  }
  return base.isExact ? claimsOfCounts(base.samples, target.samples, ids) : [
    ratioClaim(ids.speedUp, "interval", { values: base.samples, base: target.samples, floor: floorOf(base) }),
    ratioClaim(ids.slowdown, "ratio", { values: target.samples, base: base.samples, floor: floorOf(base) }),
  ];
}

/** Create claims without trials, which prove nothing but must not be missing from the list. */
export function claimsOfNothing(ids: ClaimIds, note: string): readonly Measured[] {
  return [ids.speedUp, ids.slowdown].map((id) => nothing(id, note));
}

function failed({ speedUp, slowdown }: ClaimIds, why: string): readonly Measured[] {
  return [nothing(speedUp, why), { ...nothing(slowdown, ""), failure: why }];
}

function nothing(id: string, note: string): Measured {
  return { id, kind: "stated", unit: "ratio", trials: 0, requirement: null, verdict: "not evaluated", note };
}

/**
 * Compare counts. A single additional request fails the slowdown, however small the increase. The ratios are not
 * adjusted.
 */
function claimsOfCounts(base: readonly number[], target: readonly number[], ids: ClaimIds): readonly Measured[] {
  const low = Math.min(...base);
  const high = Math.max(...base);
  const least = Math.min(...target);
  const most = Math.max(...target);
  const change = `${range(low, high)} became ${range(least, most)}`;
  const hasGrown = least > high;
  if (low !== high || least !== most) {
    return hasGrown ? failed(ids, `the count grew: ${change}`) : claimsOfNothing(ids, `the count varies: ${change}`);
  }
  const trials = Math.min(base.length, target.length);
  return [
    exactClaim(ids.speedUp, low, least, trials),
    { ...exactClaim(ids.slowdown, least, low, trials), ...hasGrown ? { failure: `the count grew: ${change}` } : {} },
  ];
}

/** Create the claim of a count, whose ratio is certain. */
function exactClaim(id: string, value: number, base: number, trials: number): Measured {
  const ratio = value === base ? 1 : value / base;
  if (!Number.isFinite(ratio)) return nothing(id, ZERO);
  return { id, kind: "amount", unit: "ratio", trials, estimate: ratio, requirement: null };
}

const ZERO = "a sample of 0 has no ratio";

function floorOf({ samples, again = [] }: ReadBenchmark): number | null {
  return noiseFloorOf({ samples, again });
}

/** Create the claim of a ratio; the samples of a `ratio` are tested together with those of all others. */
function ratioClaim(id: string, kind: "interval" | "ratio", samples: RatioSamples): Measured {
  const { values, base } = samples;
  if (![...values, ...base].every((one) => one > 0)) return nothing(id, ZERO);
  // A quotient of two finite numbers may still be infinite or 0.
  const ratios = [Math.max(...values) / Math.min(...base), Math.min(...values) / Math.max(...base)];
  if (!ratios.every((one) => Number.isFinite(one) && one > 0)) {
    return nothing(id, "the samples are too far apart for a ratio");
  }
  const { value, low, high, confidence } = hodgesLehmannRatio(values, base);
  const trials = Math.min(values.length, base.length);
  const effort = { flag: "--runs", amount: trials };
  const numbers = { estimate: value, low, high, confidence, trials };
  return { id, kind, unit: "ratio", ...numbers, requirement: null, effort, ...kind === "ratio" ? { samples } : {} };
}

function range(low: number, high: number): string {
  return low === high ? String(low) : `${low} to ${high}`;
}
