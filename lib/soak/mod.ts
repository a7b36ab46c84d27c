/**
 * Repeat work for minutes or weeks, watch it from outside, and say what was proven: rates with exact bounds, leaks,
 * deadlocks, integrity, and whether client and server counted the same. Receives functions; knows nothing of what they do.
 *
 * @module
 */
export * from "./deadlock_watch.ts";
export * from "./judge_claims.ts";
export * from "./judge_handles.ts";
export * from "./judge_leak.ts";
export * from "./judge_rate.ts";
export * from "./latency_histogram.ts";
export * from "./loop_lag.ts";
export * from "./open_soak_files.ts";
export * from "./plan_job.ts";
export * from "./probe_memory.ts";
export * from "./process_look.ts";
export * from "./reconcile.ts";
export * from "./resume_soak.ts";
export * from "./run_soak.ts";
export * from "./run_timeline.ts";
export * from "./serve_work.ts";
export * from "./soak_backlog.ts";
export * from "./soak_claim.ts";
export * from "./soak_options.ts";
export * from "./soak_report.ts";
export * from "./soak_row.ts";
export * from "./soak_totals.ts";
export * from "./soak_work.ts";
export * from "./thinned_series.ts";
export * from "./watched_process.ts";
