/**
 * What logs and journals say about runs, after the fact: problems grouped by message, metrics of a period beside those of
 * the one before, and the timeouts that fit the hosts. Works without a network, a library or any state.
 *
 * @module
 */
export { analyzeErrors, type ErrorAnalysis, type ExplainedCluster } from "./analyze_errors.ts";
export { analyzeMetrics, type MeasuredRate, type MetricAnalysis } from "./analyze_metrics.ts";
export { WaitCollector } from "./collect_waits.ts";
export { type TimeoutTuning, tuneTimeouts } from "./tune_timeouts.ts";
