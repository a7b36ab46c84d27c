/**
 * Reports from plain data: text, Markdown, HTML pages with charts and without scripts, and step summaries of CI.
 *
 * @module
 */
export type { AnalysisReport } from "./analysis/analysis_report.ts";
export { renderAnalysisHtml } from "./analysis/render_analysis_html.ts";
export { renderAnalysisMarkdown } from "./analysis/render_analysis_markdown.ts";
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
export type { CurveChart, CurveClaim, CurveReport, CurveSeries, CurveTable, CurveUnit } from "./curves/curve_report.ts";
export { formatQuantity, type QuantityUnit } from "./format_quantity.ts";
export { judgeBenchmark } from "./benchmark/judge_benchmark.ts";
export { renderBenchmarkFor } from "./benchmark/render_benchmark.ts";
export { renderBenchmarkHtml } from "./benchmark/render_benchmark_html.ts";
export { renderBenchmarkMarkdown } from "./benchmark/render_benchmark_markdown.ts";
export { renderBenchmarkText } from "./benchmark/render_benchmark_text.ts";
export { renderCurveHtml } from "./curves/render_curve_html.ts";
export { renderCurveMarkdown } from "./curves/render_curve_markdown.ts";
export { renderCurveText } from "./curves/render_curve_text.ts";
export { renderSheetMarkdown } from "./sheet/render_sheet_markdown.ts";
export type { SheetProblem, SheetRow, VerdictSheet } from "./sheet/verdict_sheet.ts";
