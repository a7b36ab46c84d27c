/**
 * The jobs of a `stability` run, and its report. A job runs the real engine against a sandbox with faults, in a watched
 * process, and its counts are compared with those of the server. Room `soak` decides when a job starts and what the
 * results prove. `pairs/` compares two profiles, `concurrency/` one worker with several and with two processes.
 *
 * @module
 */
export {
  readRounds,
  type RoundsBench,
  type RoundsForm,
  type RoundsPlace,
  type RoundsProgress,
  type RoundsReport,
  type RoundsSitting,
  type RoundWork,
  runRounds,
} from "./harness/run_rounds.ts";
export type { RunHost, WorkerHost, WorkerPlace } from "./harness/stability_worker.ts";
export { runStability, type StabilityHost } from "./run_stability.ts";
export { MAX_LANES, type StabilitySettings } from "./stability_settings.ts";
export { type SavedStability, type Unsaved } from "./report/save_stability.ts";
export {
  type ComparedItem,
  compareLibrary,
  type CompareLibraryOptions,
  type LibraryRows,
} from "./facts/compare_library.ts";
export { type ExpectedItem, listExpectedItems, type ListExpectedItemsOptions } from "./facts/expected_items.ts";
export type { LagSecond } from "./facts/machine_lag.ts";
export type { SentRequest, SentTransfer } from "./work/counted_traffic.ts";
export { type LostItem, type StabilityAnswer, type StabilityJob, type StabilityKind } from "./work/stability_job.ts";
export { judgePairs, PAIR_LIMITS, USUAL_ROUNDS, verdictOfPairs } from "./pairs/judge_pairs.ts";
export { describePairProgress } from "./pairs/pair_progress.ts";
export {
  PAIR_SCHEMA,
  type PairClaim,
  type PairClaimId,
  type PairCount,
  type PairReport,
  type PairRound,
  type PairSettings,
} from "./pairs/pair_report.ts";
export { renderPairs } from "./pairs/render_pairs.ts";
export { predecessorOf, runPairs } from "./pairs/run_pairs.ts";
export {
  CONCURRENCY_SCHEMA,
  type ConcurrencyFacts,
  type ConcurrencyReport,
  type ConcurrencyRound,
  type ConcurrencySettings,
  type Workforce,
} from "./concurrency/concurrency_report.ts";
export { type Breach, findBreaches, type RecordedTransfer } from "./concurrency/find_breaches.ts";
export { explainReservation, judgeConcurrency } from "./concurrency/judge_concurrency.ts";
export { runConcurrency, type RunConcurrencyOptions, WORKFORCES } from "./concurrency/run_concurrency.ts";
export { describeProgress, type StabilityProgress } from "./stability_progress.ts";
export { stabilityReport } from "./report/stability_report.ts";
export { TOXIC_LEVELS, type ToxicLevel } from "./work/stability_toxics.ts";
export { doStabilityJob, type WorkContext } from "./work/do_stability_job.ts";
