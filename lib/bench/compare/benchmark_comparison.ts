import type { Estimate } from "../../stats/mod.ts";
import type { DifferenceVerdict } from "./judge_difference.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import type { SampleSummary } from "../sample_summary.ts";

/** Verdict on one benchmark: `missing` and `failed` are states of the candidate, `new` is not in the baseline. */
export type BenchmarkVerdict = DifferenceVerdict | "missing" | "failed" | "new";

/** Comparison of one benchmark between two states of the code. */
export interface BenchmarkComparison extends Pick<MeasuredBenchmark, "name" | "unit" | "isExact"> {
  /** The verdict on this benchmark. */
  readonly verdict: BenchmarkVerdict;
  /** Summary of the baseline's samples; `null` if there are none. */
  readonly base: SampleSummary | null;
  /** Summary of the candidate's samples; `null` if there are none. */
  readonly target: SampleSummary | null;
  /**
   * Median of the candidate divided by that of the baseline; `null` if one is missing, the baseline's is 0, or a sample
   * of a time or size is 0.
   */
  readonly change: number | null;
  /**
   * Hodges-Lehmann ratio of candidate to baseline with interval; `null` if the benchmark was not tested, as exact
   * counts are not.
   */
  readonly ratio: Estimate | null;
  /** Two-sided p-value of the Mann-Whitney test; `null` if the benchmark was not tested. */
  readonly pValue: number | null;
  /** `pValue`, adjusted by Holm's method for all benchmarks that were compared together. */
  readonly adjustedP: number | null;
  /** Noise floor: how far runs of equal code differ, as a share; `null` if unknown. */
  readonly floor: number | null;
  /** Remarks that the reader needs to interpret the verdict. */
  readonly notes: readonly string[];
}
