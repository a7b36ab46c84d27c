/**
 * Reports from plain data: text, Markdown, HTML pages with charts and without scripts, and step summaries of CI.
 *
 * @module
 */
export { appendStepSummary } from "./append_step_summary.ts";
export type {
  BenchmarkReport,
  ReportedChart,
  ReportedCriterion,
  ReportedEstimate,
  ReportedSample,
  ReportedSeries,
  ReportedTarget,
  TargetStatus,
} from "./benchmark/benchmark_report.ts";
export { formatQuantity, type QuantityUnit } from "./format_quantity.ts";
export { judgeBenchmark } from "./benchmark/judge_benchmark.ts";
export { renderBenchmarkFor } from "./benchmark/render_benchmark.ts";
export { renderBenchmarkHtml } from "./benchmark/render_benchmark_html.ts";
export { renderBenchmarkMarkdown } from "./benchmark/render_benchmark_markdown.ts";
export { renderBenchmarkText } from "./benchmark/render_benchmark_text.ts";
export { renderReportHtml } from "./render_report_html.ts";
export { renderReportMarkdown } from "./render_report_markdown.ts";
export { renderReportText } from "./render_report_text.ts";
export type { CurveChart, CurveSeries, CurveUnit, Report, ReportClaim, ReportTable } from "./report.ts";
