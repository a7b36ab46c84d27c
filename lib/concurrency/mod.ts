/**
 * Does one program of work with one worker, with several, and with two processes on one library, under the same faults
 * of the sandbox, and counts what only fails if several things happen at the same time.
 *
 * @module
 */
export {
  CONCURRENCY_SCHEMA,
  type ConcurrencyReport,
  type ConcurrencyRound,
  type ConcurrencyRun,
  type ConcurrencySettings,
} from "./concurrency_report.ts";
export type { ConcurrencyAnswer, ConcurrencyJob, RecordedTransfer } from "./concurrency_job.ts";
export { type ConcurrencyContext, doConcurrencyJob } from "./do_concurrency_job.ts";
export { type Breach, findBreaches, isFaulty } from "./find_breaches.ts";
export { explainReservation, judgeConcurrency } from "./judge_concurrency.ts";
export { CONCURRENCY_ROUNDS, type ConcurrencyHost, runConcurrency } from "./run_concurrency.ts";
