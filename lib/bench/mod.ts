/**
 * Compare what takes time: sides run in turn, each run a process of its own, and are compared by ratios with intervals
 * and judged by verdicts that say when they cannot know. Knows nothing of what it measures.
 *
 * @module
 */
export * from "./bench_side.ts";
export * from "./benchmark_comparison.ts";
export * from "./compare_benchmarks.ts";
export * from "./compare_sides.ts";
export * from "./environment_differences.ts";
export * from "./join_samples.ts";
export * from "./judge_difference.ts";
export * from "./judge_limit.ts";
export * from "./judge_regression.ts";
export * from "./measure_commands.ts";
export * from "./measure_process.ts";
export * from "./measured_benchmark.ts";
export * from "./noise_floor.ts";
export * from "./parse_bench_output.ts";
export * from "./parse_benchmarks.ts";
export * from "./peak_overlap.ts";
export * from "./run_interleaved.ts";
export * from "./sample.ts";
export * from "./sample_summary.ts";
