import type { ErrorCode } from "../base/mod.ts";
import type { BenchmarkReport } from "./benchmark_report.ts";

/**
 * Decide the error code of a benchmark command. A missed target takes precedence over one without a verdict.
 *
 * @param report The benchmark
 * @returns `failed` if a target was missed, `null` if all targets were met, `inconclusive` otherwise
 */
export function judgeBenchmark({ targets }: Pick<BenchmarkReport, "targets">): ErrorCode | null {
  if (targets.some((target) => target.status === "missed")) return "failed";
  return targets.length > 0 && targets.every((target) => target.status === "met") ? null : "inconclusive";
}
