import { holm } from "../../stats/mod.ts";
import { applyMargin, measureDifference } from "./_measure_difference.ts";
import type { BenchmarkComparison } from "./benchmark_comparison.ts";
import type { DifferenceVerdict, JudgeDifferenceOptions } from "./judge_difference.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";

/** Comparison of two states of the code, benchmark by benchmark. */
export interface SetComparison {
  /** Benchmarks of the baseline in their order, followed by the new ones. */
  readonly benchmarks: readonly BenchmarkComparison[];
  /** Geometric mean of `change` over all benchmarks that measure seconds; `null` if there are none. */
  readonly geomean: number | null;
  /**
   * Verdict on all benchmarks: `regression` if a benchmark is worse, missing or failed; otherwise `inconclusive` if one
   * is inconclusive; otherwise `improved` if one is improved; otherwise `same`.
   */
  readonly verdict: DifferenceVerdict;
  /** Margin of the verdicts, as a fraction. */
  readonly margin: number;
}

/**
 * Compare two states of the code. Times and memory are compared by the Mann-Whitney test (exact for up to 400 pairs of
 * samples), a ratio with 95% confidence interval, and Holm's correction over all benchmarks. Counts are compared
 * exactly. A benchmark that is missing or fails in the candidate counts as a regression.
 *
 * @param baseline Benchmarks of the old code, with further runs of identical code in `again` if there are any
 * @param target Benchmarks of the candidate
 * @param options Margin and level
 * @returns All verdicts; `inconclusive` if both sides are empty
 * @throws {RangeError} If a name occurs twice on a side, or a sample is negative or not finite
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareBenchmarks } from "@civitai-dl/civitai-dl/bench";
 *
 * const about = { name: "parse", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const { verdict, benchmarks } = compareBenchmarks(
 *   [{ ...about, samples: [1, 1.01, 1.02, 1.03] }],
 *   [{ ...about, samples: [2, 2.02, 2.04, 2.06] }],
 * );
 * assertEquals(verdict, "regression");
 * assertEquals(benchmarks[0]!.change, 2);
 * ```
 */
export function compareBenchmarks(
  baseline: readonly MeasuredBenchmark[],
  target: readonly MeasuredBenchmark[],
  options: JudgeDifferenceOptions = {},
): SetComparison {
  const { margin = 0.05, alpha = 0.05 } = options;
  [baseline, target].forEach(assertSound);
  const names = [...new Set([...baseline, ...target].map(({ name }) => name))];
  const find = (side: readonly MeasuredBenchmark[], name: string) => side.find((one) => one.name === name);
  const measured = names.map((name) => measureDifference(find(baseline, name), find(target, name), alpha));
  const tested = measured.filter((one) => one.pValue !== null);
  const adjusted = new Map(holm(tested.map((one) => one.pValue!)).map((p, index) => [tested[index], p]));
  const benchmarks = measured.map((one) => applyMargin(one, { adjustedP: adjusted.get(one) ?? null, margin, alpha }));
  const changes = benchmarks.flatMap((one) => one.unit === "seconds" && one.change !== null ? [one.change] : []);
  const logs = changes.reduce((sum, change) => sum + Math.log(change), 0);
  return {
    benchmarks,
    geomean: changes.length === 0 ? null : Math.exp(logs / changes.length),
    verdict: overallVerdict(benchmarks),
    margin,
  };
}

function overallVerdict(benchmarks: readonly BenchmarkComparison[]): DifferenceVerdict {
  const verdicts = new Set(benchmarks.map(({ verdict }) => verdict));
  if (["regression", "missing", "failed"].some((one) => verdicts.has(one as "missing"))) return "regression";
  // Without a benchmark, nothing is shown.
  if (verdicts.has("inconclusive") || verdicts.size === 0) return "inconclusive";
  return verdicts.has("improved") ? "improved" : "same";
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
