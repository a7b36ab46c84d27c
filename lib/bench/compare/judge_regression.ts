import { nonInferiority } from "../../stats/mod.ts";
import type { BenchmarkComparison } from "./benchmark_comparison.ts";
import { compareBenchmarks, type SetComparison } from "./compare_benchmarks.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";

/** Options of {@linkcode judgeRegression}. */
export interface JudgeRegressionOptions {
  /**
   * How much worse is allowed, as a share.
   *
   * @default {0.05}
   */
  readonly margin?: number | undefined;
  /**
   * The level of the test.
   *
   * @default {0.05}
   */
  readonly alpha?: number | undefined;
}

/** Whether one benchmark kept within the margin. */
export interface RegressionClaim {
  /** The benchmark. */
  readonly id: string;
  /** Target by baseline; `null` if it could not be measured. */
  readonly estimate: number | null;
  /** The upper end of the interval, which has to be within the margin. */
  readonly bound: number | null;
  /** How sure the bound is, two-sided. */
  readonly confidence: number | null;
  /** Samples of the target. */
  readonly trials: number;
  /** What is allowed, as a ratio. */
  readonly requirement: number;
  /** `pass` is proven, `fail` is a regression, all else is `inconclusive`. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Why, where the numbers do not say it. */
  readonly notes: readonly string[];
}

/** What a gate may be told. */
export interface RegressionJudgement {
  /** `fail` if one failed, else `inconclusive` if one is, else `pass`. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** One a benchmark. */
  readonly claims: readonly RegressionClaim[];
  /** What it rests on. */
  readonly comparison: SetComparison;
}

/**
 * Judge whether code became slower by more than a margin. Not being shown slower is no pass: the whole interval has to
 * lie within the margin, and equal code must not differ by more than it.
 *
 * @param baseline What it was
 * @param current What it is
 * @param options Margin and level
 * @returns Claims with bounds
 * @throws {RangeError} As {@linkcode compareBenchmarks}
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
  return { verdict: has("fail") ? "fail" : has("inconclusive") ? "inconclusive" : "pass", claims, comparison };
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
      return "inconclusive";
    case "same":
      return one.isExact || nonInferiority(one.ratio!, margin) === "proven" ? "pass" : "inconclusive";
  }
}
