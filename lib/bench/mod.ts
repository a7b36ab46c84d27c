/**
 * Benchmarks by comparison: sides run in turn, and each run is a separate process. Sides are compared by ratios with
 * intervals, and a verdict is `inconclusive` if the samples are not sufficient. The room does not depend on what is
 * measured.
 *
 * Runs in Deno. What compares samples, and what renders pages of them, also runs in Node 22 and later, and in Bun;
 * what starts processes or reads and writes files needs Deno.
 *
 * @module
 */
export type { BenchSide, PlacedSample, RoundContext, SideRuns } from "./bench_side.ts";
export {
  type BenchmarkComparison,
  compareBenchmarks,
  type CompareBenchmarksOptions,
  slowdownId,
} from "./compare/compare_benchmarks.ts";
export { type BenchmarkSides, claimOfNothing, slowdownClaim, speedUpClaim } from "./compare/ratio_claims.ts";
export { type CompareOptions, compareSides, type Comparison } from "./compare_sides.ts";
export { joinSamples } from "./join_samples.ts";
export { measureCommands, type MeasureCommandsOptions, type MeasuredCommands } from "./process/measure_commands.ts";
export type { BenchCommand, CommandRun } from "./process/bench_command.ts";
export { type MeasuredProcess, measureProcess, type MeasureProcessOptions } from "./process/measure_process.ts";
export type { BenchmarkUnit, MeasuredBenchmark } from "./compare/measured_benchmark.ts";
export { type BenchReading, parseBenchOutput } from "./process/parse_bench_output.ts";
export { parseBenchmarks } from "./compare/parse_benchmarks.ts";
export { runInterleaved, type RunInterleavedOptions } from "./run_interleaved.ts";
export { metricOf, type Sample } from "./sample.ts";
export { compareCommits, type CompareCommitsOptions, MAX_RUNS } from "./commits/compare_commits.ts";
export { evidenceHeader, type EvidenceTimes } from "./commits/evidence_header.ts";
export {
  type BenchData,
  type BenchDocument,
  COMPARE_SCHEMA,
  type ComparedState,
  PHASE_SCHEMA,
  type PreviousPhase,
  readBenchDocument,
  type RequiredSpeedUp,
} from "./document/bench_document.ts";
export { benchmarkFacts, comparisonPage, historyPage, judgeComparison } from "./page/bench_page.ts";
export { arePhases, phasesPage } from "./page/phases_page.ts";
export { type PhaseBenchmarks, phaseBenchmarks } from "./phase/phase_benchmarks.ts";
export { judgePhaseReport, type PhaseClaim, speedUpId } from "./phase/phase_claims.ts";
// Types of other rooms in what this one exports.
export type {
  Claim,
  ClaimKind,
  GrowthSeries,
  Limit,
  Measured,
  RatioEvidence,
  RatioSamples,
  Verdict,
  WholeVerdict,
} from "../judge/mod.ts";
export type {
  CurveChart,
  CurveSeries,
  CurveUnit,
  QuantityUnit,
  Report,
  ReportClaim,
  ReportedChart,
  ReportedSeries,
  ReportSection,
  ReportTable,
  ReportVerdict,
} from "../report/mod.ts";
export type { Estimate, EstimateOptions } from "../stats/mod.ts";
