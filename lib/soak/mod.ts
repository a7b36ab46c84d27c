/**
 * Soak tests: repeat work for minutes or weeks, or for a number of rounds, in watched processes, and judge claims about
 * it. The claims are about rates (with exact bounds), leaks, deadlocks, integrity, and equal counts on client and server.
 * The work is a function that the caller provides; this room does not depend on what it does.
 *
 * @module
 */
export { CLAIM_IDS, type ClaimId, subjectOfClaim } from "./judges/claim_id.ts";
export { DeadlockWatch } from "./judges/deadlock_watch.ts";
export { judgeLeak, type LeakJudgement } from "./judges/judge_leak.ts";
export { MAX_WIRE_RATIO } from "./judges/measure_claims.ts";
export { reconcile, type SentExchange, type ServedExchange } from "./facts/reconcile.ts";
export { explainFailedClaim, type FailedClaim } from "./records/explain_failed_claim.ts";
export { openSoakFiles, type SoakEvidence, type SoakFacts, type SoakFiles } from "./records/open_soak_files.ts";
export { resumeSoak } from "./records/resume_soak.ts";
export type { SoakGeneration } from "./facts/soak_generation.ts";
export type { SoakDeadlock, SoakDifference, SoakFailure, SoakReport } from "./records/soak_report.ts";
export type { SoakRow } from "./records/soak_row.ts";
export type { SoakCounts } from "./facts/soak_totals.ts";
export {
  readRounds,
  type RoundsPlace,
  type RoundsProgress,
  type RoundsReport,
  type RoundWork,
  runRounds,
} from "./rounds/run_rounds.ts";
export { openWorkFolder } from "./rounds/work_folder.ts";
export { LoopLag } from "./run/loop_lag.ts";
export { MemoryProbe, type OwnMemory, probeMemory } from "./run/probe_memory.ts";
export { ProcessMeter } from "./run/process_usage.ts";
export { runSoak } from "./run/run_soak.ts";
export { serveWork } from "./run/serve_work.ts";
export type { SoakContext, SoakFailureKind, SoakJob, SoakMessage, SoakProbe, SoakResult } from "./facts/soak_work.ts";
export { TimerMeter } from "./run/timer_meter.ts";
export { WatchedProcess } from "./run/watched_process.ts";
export type { RunHost } from "./run_host.ts";
export type { SoakEvent } from "./soak_options.ts";
