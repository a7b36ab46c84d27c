/**
 * Soak tests: repeat work for minutes or weeks, observe it from outside, and judge claims about it: rates with exact
 * bounds, leaks, deadlocks, integrity, and equal counts on client and server. The work is a function that the caller
 * provides; this room does not depend on what it does.
 *
 * @module
 */
export * from "./judges/deadlock_watch.ts";
export * from "./judges/judge_claims.ts";
export * from "./judges/judge_handles.ts";
export * from "./judges/judge_leak.ts";
export * from "./judges/judge_rate.ts";
export * from "./judges/latency_histogram.ts";
export * from "./run/loop_lag.ts";
export * from "./books/open_soak_files.ts";
export * from "./run/plan_job.ts";
export * from "./run/probe_memory.ts";
export * from "./run/process_look.ts";
export * from "./judges/reconcile.ts";
export * from "./books/resume_soak.ts";
export * from "./run/run_soak.ts";
export * from "./run/run_timeline.ts";
export * from "./run/serve_work.ts";
export * from "./run/soak_backlog.ts";
export * from "./judges/soak_claim.ts";
export * from "./soak_options.ts";
export * from "./books/soak_report.ts";
export * from "./books/soak_row.ts";
export * from "./books/soak_totals.ts";
export * from "./run/soak_work.ts";
export * from "./books/thinned_series.ts";
export * from "./run/watched_process.ts";
