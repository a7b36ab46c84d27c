/**
 * Soak tests: repeat work for minutes or weeks, observe it from outside, and judge claims about it. The claims are
 * about rates (with exact bounds), leaks, deadlocks, integrity, and equal counts on client and server. The work is a
 * function that the caller provides; this room does not depend on what it does.
 *
 * @module
 */
export { assertSameRun, type RunIdentity } from "./records/assert_same_run.ts";
export { CLAIM_IDS, MAX_WIRE_RATIO } from "./judges/measure_claims.ts";
export { DeadlockWatch, type WatchedJob } from "./judges/deadlock_watch.ts";
export { type Growth, measureGrowth } from "./judges/measure_growth.ts";
export { type HandlesJudgement, judgeHandles } from "./judges/judge_handles.ts";
export { judgeLeak, type JudgeLeakOptions, type LeakJudgement, type WarmUp } from "./judges/judge_leak.ts";
export { LatencyHistogram, type LatencyState } from "./judges/latency_histogram.ts";
export { explainFailedClaim, type FailedClaim } from "./records/explain_failed_claim.ts";
export { LoopLag } from "./run/loop_lag.ts";
export { openReport, type OpenReportOptions, readReport } from "./records/open_report.ts";
export {
  openSoakFiles,
  type OpenSoakFilesOptions,
  type SoakEvidence,
  type SoakFacts,
  type SoakFiles,
} from "./records/open_soak_files.ts";
export { MemoryProbe, type OwnMemory, probeMemory } from "./run/probe_memory.ts";
export { ProcessMeter, type ProcessUsage } from "./run/process_usage.ts";
export { reconcile, type Reconciliation, type SentExchange, type ServedExchange } from "./judges/reconcile.ts";
export { resumeSoak, type SoakResumeFacts } from "./records/resume_soak.ts";
export { runSoak } from "./run/run_soak.ts";
export { RunTimeline, type SoakGap } from "./run/run_timeline.ts";
export { serveWork, type ServeWorkOptions, type WorkHandlers } from "./run/serve_work.ts";
export type { SoakBacklog, SoakSchedule } from "./run/soak_backlog.ts";
export { type ClaimId, type GroupRate, LATE_CUT, MISSING, TOO_MANY_BYTES, WRONG_BYTES } from "./judges/claim_id.ts";
export type { SoakEvent, SoakOptions } from "./soak_options.ts";
export type { SoakDeadlock, SoakGeneration, SoakReport, SoakSession } from "./records/soak_report.ts";
export type { SoakRow } from "./records/soak_row.ts";
export type { SoakCounts, SoakGroup } from "./records/soak_totals.ts";
export type { SoakContext, SoakJob, SoakObservations, SoakProbe, SoakResult, SoakWork } from "./run/soak_work.ts";
export { type SeriesPoint, type SeriesState, ThinnedSeries } from "./records/thinned_series.ts";
export { TimerMeter } from "./run/timer_meter.ts";
export { LostProcessError, WatchedProcess, type WatchedWorkOptions } from "./run/watched_process.ts";
