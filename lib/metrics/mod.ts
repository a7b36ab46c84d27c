/**
 * Counters, gauges and bounded histograms, a journal of JSON lines that several processes share, time windows over that
 * journal, and export to the Prometheus text format and to OpenTelemetry. It works in any Deno program and does not
 * depend on Civitai.
 *
 * @module
 */
export { type Bilingual, type Language, LANGUAGES } from "../base/mod.ts";
export type { MeasuredGauge } from "./measured_gauge.ts";
export { bindOpenTelemetry, type BindOpenTelemetryOptions } from "./instruments/bind_open_telemetry.ts";
export { bucketQuantile } from "./window/bucket_quantile.ts";
export { collectMetrics, type CollectMetricsOptions } from "./journal/collect_metrics.ts";
export { Counter } from "./instruments/counter.ts";
export type { Derivation, DerivedMetric, MetricReading } from "./window/derived_metric.ts";
export { Gauge } from "./instruments/gauge.ts";
export { Histogram } from "./instruments/histogram.ts";
export {
  type CollectedDisk,
  JournalMetrics,
  type JournalMetricsOptions,
  type MetricPeriod,
  type RefreshOptions,
} from "./journal/journal_metrics.ts";
export { loadMetrics, type LoadMetricsOptions, type SkippedLines } from "./journal/load_metrics.ts";
export { BYTES_BOUNDS, metricBounds, SECONDS_BOUNDS } from "./instruments/metric_bounds.ts";
export type { MetricDefinition, MetricKind } from "./instruments/metric_definition.ts";
export { METRIC_JOURNAL_NAME, MetricJournal, type MetricJournalOptions } from "./journal/metric_journal.ts";
export {
  METRIC_LINE_SCHEMA,
  METRIC_LINE_VERSION,
  type MetricLine,
  parseMetricLine,
  type SkipReason,
} from "./metric_line.ts";
export { type Instrument, MetricRegistry } from "./instruments/metric_registry.ts";
export { METRIC_REPORT_SCHEMA, type MetricReport } from "./metric_report.ts";
export { type LabelMatch, matchesLabels, type MetricSelector } from "./metric_selector.ts";
export type {
  HistogramSeries,
  MetricFamily,
  MetricLabels,
  MetricSeries,
  MetricSnapshot,
  ValueSeries,
} from "./metric_snapshot.ts";
export { MetricTotals } from "./metric_totals.ts";
export { MetricWindow } from "./window/metric_window.ts";
export { MirroredInstrument, type RecordListener } from "./instruments/mirrored_instrument.ts";
export { prometheusName } from "./prometheus_name.ts";
export { readDerived, type ReadDerivedOptions } from "./window/read_derived.ts";
export { readMetricLines, type ReadMetricLinesOptions } from "./journal/read_metric_lines.ts";
export { renderPrometheus } from "./render_prometheus.ts";
export { reportSnapshot } from "./report_snapshot.ts";
export type { GroupIncrease, LatestGauge, LatestOptions, WindowQuery } from "./window/window_query.ts";
export { withHelp } from "./with_help.ts";
export { writeTextfile } from "./write_textfile.ts";
export { metricReportPath, writeMetricReport } from "./journal/write_metric_report.ts";
