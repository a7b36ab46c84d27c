/**
 * Compare what takes time: sides run in turn, each run a process of its own, and are compared by ratios with intervals.
 * Knows nothing of what it measures.
 *
 * @module
 */
export * from "./bench_side.ts";
export * from "./compare_sides.ts";
export * from "./join_samples.ts";
export * from "./judge_limit.ts";
export * from "./measure_process.ts";
export * from "./peak_overlap.ts";
export * from "./run_interleaved.ts";
export * from "./sample.ts";
