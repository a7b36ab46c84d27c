/**
 * What logs and journals say about runs, after the fact: problems grouped by message, metrics of a period beside those of
 * the one before, and the timeouts that fit the hosts. Works without a network, a library or any state.
 *
 * @module
 */
export {
  analyzeErrors,
  type AnalyzeErrorsOptions,
  ERROR_ANALYSIS_SCHEMA,
  type ErrorAnalysis,
  type ExplainedCluster,
} from "./analyze_errors.ts";
export {
  analyzeMetrics,
  type AnalyzeMetricsOptions,
  type CountFinding,
  type MeasuredRate,
  type MeasuredTimes,
  METRIC_ANALYSIS_SCHEMA,
  type MetricAnalysis,
  type RateFinding,
  type TimesFinding,
} from "./analyze_metrics.ts";
export type { ProblemLevel } from "./read_problem.ts";
export { type LoggedWaits, WaitCollector, type WaitGroup } from "./collect_waits.ts";
export { proposeTimeout, type TimeoutProposal } from "./propose_timeout.ts";
export { TIMEOUT_TUNING_SCHEMA, type TimeoutTuning, tuneTimeouts, type TuneTimeoutsOptions } from "./tune_timeouts.ts";
