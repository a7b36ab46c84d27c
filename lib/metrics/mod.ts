/**
 * Counters, gauges and bounded histograms; a journal of JSON lines that many processes share, and windows over it;
 * Prometheus' text format and OpenTelemetry. Useful in any Deno program; knows nothing of Civitai.
 *
 * @module
 */
export * from "./bind_open_telemetry.ts";
export * from "./bucket_quantile.ts";
export * from "./collect_metrics.ts";
export * from "./counter.ts";
export * from "./derived_labels.ts";
export * from "./derived_metric.ts";
export * from "./gauge.ts";
export * from "./histogram.ts";
export * from "./load_metrics.ts";
export * from "./metric_bounds.ts";
export * from "./metric_definition.ts";
export * from "./metric_journal.ts";
export * from "./metric_line.ts";
export * from "./metric_registry.ts";
export * from "./metric_report.ts";
export * from "./metric_selector.ts";
export * from "./metric_snapshot.ts";
export * from "./metric_totals.ts";
export * from "./metric_window.ts";
export * from "./mirrored_instrument.ts";
export * from "./prometheus_name.ts";
export * from "./read_derived.ts";
export * from "./read_metric_lines.ts";
export * from "./render_prometheus.ts";
export * from "./report_snapshot.ts";
export * from "./series_options.ts";
export * from "./window_query.ts";
export * from "./with_help.ts";
export * from "./write_textfile.ts";
