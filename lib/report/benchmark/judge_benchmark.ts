import type { ErrorCode } from "../../base/mod.ts";
import type { BenchmarkReport } from "./benchmark_report.ts";

/**
 * Decide how a benchmark ends: a missed target comes first, then one without a verdict.
 *
 * @param report The benchmark
 * @returns `null` when all targets were measured and met
 */
export function judgeBenchmark({ targets }: Pick<BenchmarkReport, "targets">): ErrorCode | null {
  if (targets.some((target) => target.status === "missed")) return "failed";
  return targets.length > 0 && targets.every((target) => target.status === "met") ? null : "inconclusive";
}
