/**
 * Benchmarks by comparison: sides run in turn, each run as a process of its own. They are compared by ratios with
 * intervals, and a verdict is `inconclusive` if the samples do not decide. Independent of what is measured.
 *
 * @module
 */
export * from "./bench_side.ts";
export * from "./compare/benchmark_comparison.ts";
export * from "./compare/compare_benchmarks.ts";
export * from "./compare_sides.ts";
export * from "./compare/environment_differences.ts";
export * from "./join_samples.ts";
export * from "./compare/judge_difference.ts";
export * from "./compare/judge_limit.ts";
export * from "./compare/judge_regression.ts";
export * from "./process/measure_commands.ts";
export * from "./process/measure_process.ts";
export * from "./compare/measured_benchmark.ts";
export * from "./compare/noise_floor.ts";
export * from "./process/parse_bench_output.ts";
export * from "./compare/parse_benchmarks.ts";
export * from "./peak_overlap.ts";
export * from "./run_interleaved.ts";
export * from "./sample.ts";
export * from "./sample_summary.ts";
export * from "./commits/compare_commits.ts";
export * from "./commits/evidence_header.ts";
export * from "./document/bench_document.ts";
export * from "./document/compare_files.ts";
export * from "./page/bench_page.ts";
export * from "./page/junit_cases.ts";
export * from "./page/phases_page.ts";
export * from "./phase/phase_benchmarks.ts";
export * from "./phase/phase_claims.ts";
export * from "./phase/phase_exit_code.ts";
