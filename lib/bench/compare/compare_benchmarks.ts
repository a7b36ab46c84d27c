import { type Claim, judgeClaims, leaveOpen, verdictOf, type WholeVerdict } from "../../judge/mod.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import { slowdownClaim } from "./ratio_claims.ts";

/** The claims that no benchmark became slower, and the verdict on all of them. */
export interface BenchmarkComparison {
  /** `fail` if a benchmark is slower, missing or failed, `pass` if there are some and all are proven not to be. */
  readonly verdict: WholeVerdict;
  /** `slowdown:NAME`: how many times as long the candidate takes. A new benchmark has no claim. */
  readonly claims: readonly Claim[];
}

/** Options of {@linkcode compareBenchmarks}. */
export interface CompareBenchmarksOptions {
  /**
   * Allowed slowdown, as a fraction.
   *
   * @default {0.05}
   */
  readonly margin?: number | undefined;
}

/**
 * Judge whether code became slower by more than a margin, as the gate does. Times and sizes are compared by a ratio with
 * a 95 % interval and by rank tests against the margin, which are adjusted for all benchmarks together (Holm); identical
 * code must differ from itself by less than the margin. Counts are compared exactly.
 *
 * @param baseline Benchmarks of the old code, with further runs of identical code in `again` if there are any
 * @param target Benchmarks of the candidate
 * @param options Margin
 * @returns A claim for each benchmark of the baseline, and for new ones that failed
 * @throws {RangeError} If a name occurs twice on a side, or a sample is negative or not finite
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareBenchmarks } from "@civitai-dl/civitai-dl/bench";
 *
 * const about = { name: "parse", unit: "seconds", isExact: false, problem: null } as const;
 * const samples = [1, 1.01, 1.02, 1.03];
 * const { verdict, claims } = compareBenchmarks(
 *   [{ ...about, samples, again: samples }],
 *   [{ ...about, samples: samples.map((seconds) => 2 * seconds), again: [] }],
 * );
 * assertEquals([verdict, claims[0]!.id, claims[0]!.estimate!.toFixed(1)], ["fail", "slowdown:parse", "2.0"]);
 * ```
 */
export function compareBenchmarks(
  baseline: readonly MeasuredBenchmark[],
  target: readonly MeasuredBenchmark[],
  options: CompareBenchmarksOptions = {},
): BenchmarkComparison {
  const { margin = 0.05 } = options;
  [baseline, target].forEach(assertSound);
  const requirement = { op: "<=", value: 1 + margin } as const;
  const measured = namesOf(baseline, target).flatMap((name) => {
    const find = (side: readonly MeasuredBenchmark[]) => side.find((one) => one.name === name);
    const claim = slowdownClaim(slowdownId(name), { base: find(baseline), target: find(target) });
    return claim === null ? [] : [{ ...claim, requirement }];
  });
  const claims = judgeClaims(measured);
  return { verdict: verdictOf(claims), claims };
}

/** What a comparison shows if nothing may be decided by it. */
export function withoutVerdict({ claims }: BenchmarkComparison): BenchmarkComparison {
  return { verdict: "inconclusive", claims: leaveOpen(claims) };
}

/** The id of the claim about a benchmark. */
export function slowdownId(name: string): string {
  return `slowdown:${name}`;
}

/** The names of all benchmarks: those of the baseline in their order, then the new ones. */
export function namesOf(...sides: readonly (readonly MeasuredBenchmark[])[]): readonly string[] {
  return [...new Set(sides.flat().map(({ name }) => name))];
}

function assertSound(side: readonly MeasuredBenchmark[]): void {
  const names = new Set<string>();
  for (const { name, samples, again } of side) {
    if (names.has(name)) throw new RangeError(`Cannot compare benchmarks: "${name}" occurs twice`);
    names.add(name);
    const invalid = [...samples, ...again].find((value) => !(Number.isFinite(value) && value >= 0));
    if (invalid !== undefined) {
      throw new RangeError(`Cannot compare benchmark "${name}": ${invalid} is negative or not finite`);
    }
  }
}
