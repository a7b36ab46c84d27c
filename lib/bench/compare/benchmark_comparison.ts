import type { Estimate } from "../../stats/mod.ts";
import type { DifferenceVerdict } from "./judge_difference.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import type { SampleSummary } from "../sample_summary.ts";

/** How one benchmark compares; `missing` and `failed` are of the target, `new` is not in the baseline. */
export type BenchmarkVerdict = DifferenceVerdict | "missing" | "failed" | "new";

/** One benchmark of two states of the code. */
export interface BenchmarkComparison extends Pick<MeasuredBenchmark, "name" | "unit" | "isExact"> {
  /** How it ends. */
  readonly verdict: BenchmarkVerdict;
  /** The baseline in a few numbers; `null` if it has none. */
  readonly base: SampleSummary | null;
  /** The target in a few numbers. */
  readonly target: SampleSummary | null;
  /** The target's median by the baseline's; `null` where one of them is missing or zero. */
  readonly change: number | null;
  /** Hodges and Lehmann's ratio, target by baseline, with interval. */
  readonly ratio: Estimate | null;
  /** Of the Mann-Whitney test, two-sided. */
  readonly pValue: number | null;
  /** The same, adjusted by Holm for all benchmarks that were compared together. */
  readonly adjustedP: number | null;
  /** How far equal code differs, as a share. */
  readonly floor: number | null;
  /** What a reader must know. */
  readonly notes: readonly string[];
}
