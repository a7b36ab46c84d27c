/**
 * What logs and journals say about runs, after the fact: problems grouped by message, metrics of a period against the
 * one before, and the timeouts that fit the hosts. Works without a network, a library or any state.
 *
 * @module
 */
export { analyzeErrors, type AnalyzeErrorsOptions } from "./errors/analyze_errors.ts";
export { ERROR_ANALYSIS_SCHEMA, type ErrorAnalysis, type ExplainedCluster } from "./errors/error_analysis.ts";
export { errorPage } from "./errors/error_page.ts";
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
export type { ProblemLevel } from "./errors/read_problem.ts";
export type { BinnedCounts } from "./time_bins.ts";
export { type LoggedWaits, WaitCollector, type WaitGroup } from "./timeouts/collect_waits.ts";
export {
  proposeTimeout,
  type ProposeTimeoutOptions,
  replayTimeout,
  type TimeoutProposal,
} from "./timeouts/propose_timeout.ts";
export {
  TIMEOUT_TUNING_SCHEMA,
  type TimeoutTuning,
  tuneTimeouts,
  type TuneTimeoutsOptions,
} from "./timeouts/tune_timeouts.ts";
