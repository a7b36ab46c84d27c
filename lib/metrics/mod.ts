/**
 * Counters, gauges and bounded histograms; a journal of JSON lines that several processes share, and time windows over
 * it; export to Prometheus' text format and to OpenTelemetry. Works in any Deno program; does not depend on Civitai.
 *
 * @module
 */
export * from "./instruments/bind_open_telemetry.ts";
export * from "./window/bucket_quantile.ts";
export * from "./journal/collect_metrics.ts";
export * from "./instruments/counter.ts";
export * from "./window/derived_labels.ts";
export * from "./window/derived_metric.ts";
export * from "./instruments/gauge.ts";
export * from "./instruments/histogram.ts";
export * from "./journal/load_metrics.ts";
export * from "./instruments/metric_bounds.ts";
export * from "./instruments/metric_definition.ts";
export * from "./journal/metric_journal.ts";
export * from "./journal/metric_line.ts";
export * from "./instruments/metric_registry.ts";
export * from "./metric_report.ts";
export * from "./metric_selector.ts";
export * from "./metric_snapshot.ts";
export * from "./metric_totals.ts";
export * from "./window/metric_window.ts";
export * from "./instruments/mirrored_instrument.ts";
export * from "./prometheus_name.ts";
export * from "./window/read_derived.ts";
export * from "./journal/read_metric_lines.ts";
export * from "./render_prometheus.ts";
export * from "./report_snapshot.ts";
export * from "./instruments/series_options.ts";
export * from "./window/window_query.ts";
export * from "./with_help.ts";
export * from "./write_textfile.ts";
export * from "./journal/prune_reports.ts";
export * from "./journal/write_metric_report.ts";
