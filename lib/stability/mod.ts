/**
 * The stability tests: the real engine does jobs against a sandbox with faults, in watched processes, and its counts and
 * files are compared with those of the sandbox. `run_stability.ts` repeats jobs for a duration, which room `soak` keeps
 * and judges; `harness/` does work for a number of rounds: `pairs/` compares two profiles, `concurrency/` one worker with
 * several and with two processes.
 *
 * @module
 */
export {
  readRounds,
  type RoundsForm,
  type RoundsPlace,
  type RoundsProgress,
  type RoundsReport,
  type RoundWork,
  runRounds,
} from "./harness/run_rounds.ts";
export type { RunHost, WorkerHost } from "./harness/stability_worker.ts";
export { runStability } from "./run_stability.ts";
export { MAX_LANES } from "./stability_settings.ts";
export { type StabilityJob } from "./work/stability_job.ts";
export { judgePairs, PAIR_LIMITS, USUAL_ROUNDS, verdictOfPairs } from "./pairs/judge_pairs.ts";
export { describePairProgress } from "./pairs/pair_progress.ts";
export {
  PAIR_SCHEMA,
  type PairCount,
  type PairReport,
  type PairRound,
  type PairSettings,
} from "./pairs/pair_report.ts";
export { pairsPage } from "./pairs/pairs_page.ts";
export { predecessorOf, runPairs } from "./pairs/run_pairs.ts";
export { concurrencyPage } from "./concurrency/concurrency_page.ts";
export { type ConcurrencyReport, type ConcurrencyRound } from "./concurrency/concurrency_report.ts";
export { findBreaches, type RecordedTransfer } from "./concurrency/find_breaches.ts";
export { explainReservation, judgeConcurrency } from "./concurrency/judge_concurrency.ts";
export { runConcurrency } from "./concurrency/run_concurrency.ts";
export { describeProgress, type StabilityProgress } from "./stability_progress.ts";
export { stabilityReport } from "./report/stability_report.ts";
export { TOXIC_LEVELS, type ToxicLevel } from "./work/stability_toxics.ts";
export { doStabilityJob } from "./work/do_stability_job.ts";
