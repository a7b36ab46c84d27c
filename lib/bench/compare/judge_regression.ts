import type { BenchmarkComparison } from "./benchmark_comparison.ts";
import { compareBenchmarks, type SetComparison } from "./compare_benchmarks.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";

/** Options of {@linkcode judgeRegression}. */
export interface JudgeRegressionOptions {
  /**
   * Allowed increase, as a fraction.
   *
   * @default {0.05}
   */
  readonly margin?: number | undefined;
  /**
   * Significance level of the test.
   *
   * @default {0.05}
   */
  readonly alpha?: number | undefined;
}

/** Claim that a benchmark stays within the margin. */
export interface RegressionClaim {
  /** Name of the benchmark. */
  readonly id: string;
  /** Ratio of candidate to baseline; `null` if it could not be measured. */
  readonly estimate: number | null;
  /**
   * Upper end of the interval of the ratio, which must not exceed `requirement`; `null` if it could not be measured.
   */
  readonly bound: number | null;
  /** Two-sided confidence of the interval; 1 for exact counts, `null` if it could not be measured. */
  readonly confidence: number | null;
  /** Number of samples of the candidate. */
  readonly trials: number;
  /** Largest allowed ratio; 1 for exact counts. */
  readonly requirement: number;
  /** `pass` if the claim is proven, `fail` for a regression, `inconclusive` otherwise. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Reasons for the verdict that are not evident from the numbers. */
  readonly notes: readonly string[];
}

/** Verdict for the quality gate, with the claims that it is based on. */
export interface RegressionJudgement {
  /** `fail` if a claim failed; otherwise `inconclusive` if a claim is inconclusive or there is none; otherwise `pass`. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** One claim per benchmark. */
  readonly claims: readonly RegressionClaim[];
  /** The comparison that the claims are based on. */
  readonly comparison: SetComparison;
}

/**
 * Judge whether code became slower by more than a margin. The absence of a proven regression is not a pass: the whole
 * interval must be within the margin, and the noise floor must not exceed the margin.
 *
 * @param baseline Benchmarks of the old code
 * @param current Benchmarks of the candidate
 * @param options Margin and level
 * @returns Claims with bounds
 * @throws {RangeError} Under the same conditions as {@linkcode compareBenchmarks}
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgeRegression } from "@civitai-dl/civitai-dl/bench";
 *
 * const about = { name: "parse", unit: "seconds", isExact: false, again: [], problem: null } as const;
 * const samples = [1, 1.01, 0.99, 1, 1.02, 0.98, 1.01, 1];
 * const baseline = [{ ...about, samples }];
 * const current = [{ ...about, samples: samples.map((seconds) => 1.02 * seconds) }];
 * assertEquals(judgeRegression(baseline, current, { margin: 0.1 }).verdict, "pass");
 * // The difference is small, but the interval reaches beyond the margin.
 * assertEquals(judgeRegression(baseline, current, { margin: 0.03 }).verdict, "inconclusive");
 * ```
 */
export function judgeRegression(
  baseline: readonly MeasuredBenchmark[],
  current: readonly MeasuredBenchmark[],
  options: JudgeRegressionOptions = {},
): RegressionJudgement {
  const { margin = 0.05 } = options;
  const comparison = compareBenchmarks(baseline, current, options);
  const claims = comparison.benchmarks.map((one): RegressionClaim => ({
    id: one.name,
    estimate: one.ratio?.value ?? one.change,
    bound: one.ratio?.high ?? one.change,
    confidence: one.ratio?.confidence ?? (one.isExact ? 1 : null),
    trials: one.target?.n ?? 0,
    requirement: one.isExact ? 1 : 1 + margin,
    verdict: claimVerdict(one, margin),
    notes: one.notes,
  }));
  const has = (verdict: RegressionClaim["verdict"]) => claims.some((claim) => claim.verdict === verdict);
  const isOpen = has("inconclusive") || claims.length === 0;
  return { verdict: has("fail") ? "fail" : isOpen ? "inconclusive" : "pass", claims, comparison };
}

function claimVerdict(one: BenchmarkComparison, margin: number): RegressionClaim["verdict"] {
  switch (one.verdict) {
    case "regression":
    case "missing":
    case "failed":
      return "fail";
    case "new":
    case "improved":
      return "pass";
    case "inconclusive":
    case "same":
      return (one.isExact && one.verdict === "same") || isProven(one, margin) ? "pass" : "inconclusive";
  }
}

/** Whether it is certain that the candidate is at most the margin slower; it may be any amount faster. */
function isProven({ ratio, floor }: BenchmarkComparison, margin: number): boolean {
  return ratio !== null && ratio.confidence >= 0.95 && (floor ?? 0) <= margin && ratio.high <= 1 + margin;
}
