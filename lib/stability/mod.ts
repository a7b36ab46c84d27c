/**
 * The stability tests: the real engine does jobs against a sandbox with faults, in watched processes, and its counts and
 * files are compared with those of the sandbox. `run_stability.ts` repeats jobs for a duration; `pairs/` compares two
 * profiles, and `concurrency/` one worker with several and with two processes, for a number of rounds. Room `soak` keeps
 * and resumes all of them.
 *
 * @module
 */
export { concurrencyPage } from "./concurrency/concurrency_page.ts";
export type { ConcurrencyReport, ConcurrencyRound } from "./concurrency/concurrency_report.ts";
export { runConcurrency } from "./concurrency/run_concurrency.ts";
export { judgePairs, USUAL_ROUNDS, verdictOfPairs } from "./pairs/judge_pairs.ts";
export { describePairProgress } from "./pairs/pair_progress.ts";
export { PAIR_SCHEMA, type PairReport, type PairRound, type PairSettings } from "./pairs/pair_report.ts";
export { pairsPage } from "./pairs/pairs_page.ts";
export { predecessorOf, runPairs } from "./pairs/run_pairs.ts";
export { stabilityReport } from "./report/stability_report.ts";
export { runStability } from "./run_stability.ts";
export { describeProgress, type StabilityProgress } from "./stability_progress.ts";
export { MAX_LANES, STABILITY_SCHEMA, type StabilitySettings } from "./stability_settings.ts";
export { doStabilityJob } from "./work/do_stability_job.ts";
export type { StabilityJob } from "./stability_job.ts";
export { TOXIC_LEVELS } from "./work/stability_toxics.ts";
export type { WorkerHost } from "./work/stability_worker.ts";
