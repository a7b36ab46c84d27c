/**
 * Reports from plain data: text, Markdown, HTML pages with charts and without scripts, and step summaries of CI.
 *
 * @module
 */
export { appendStepSummary } from "./append_step_summary.ts";
export { claimRow } from "./claim_row.ts";
export { formatQuantity, type QuantityUnit } from "./format_quantity.ts";
export type { ReportedChart, ReportedSeries } from "./reported_chart.ts";
export { renderReportFor, REPORT_ENDINGS } from "./render_report_for.ts";
export { renderReportHtml } from "./render_report_html.ts";
export { renderReportMarkdown } from "./render_report_markdown.ts";
export { renderReportText } from "./render_report_text.ts";
export type {
  CurveChart,
  CurveSeries,
  CurveUnit,
  Report,
  ReportClaim,
  ReportSection,
  ReportTable,
  ReportVerdict,
} from "./report.ts";
