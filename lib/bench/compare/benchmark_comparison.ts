import type { Estimate } from "../../stats/mod.ts";
import type { DifferenceVerdict } from "./judge_difference.ts";
import type { MeasuredBenchmark } from "./measured_benchmark.ts";
import type { SampleSummary } from "../sample_summary.ts";

/**
 * Verdict on one benchmark: `missing` and `failed` refer to the candidate; `new` means that the benchmark is not in the
 * baseline.
 */
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
   * Median of the candidate divided by that of the baseline. `null` if the benchmark is missing or failed on a side, if
   * the units differ, if the baseline's median is 0, or if a sample of a time or size is 0.
   */
  readonly change: number | null;
  /**
   * Hodges-Lehmann ratio of candidate to baseline, with interval; `null` if the benchmark was not tested. Exact counts
   * are never tested.
   */
  readonly ratio: Estimate | null;
  /** Two-sided p-value of the Mann-Whitney test; `null` if the benchmark was not tested. */
  readonly pValue: number | null;
  /**
   * `pValue`, adjusted with Holm's method for all benchmarks that were compared together; `null` if the benchmark was
   * not tested.
   */
  readonly adjustedP: number | null;
  /** Noise floor: how much runs of identical code differ, as a fraction; `null` if unknown. */
  readonly floor: number | null;
  /** Remarks that are needed to interpret the verdict. */
  readonly notes: readonly string[];
}
