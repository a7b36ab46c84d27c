/**
 * Reports from plain data: text, Markdown, JSON, and HTML pages with charts that need no script, and what CI
 * reads: JUnit, SARIF, annotations, step summaries.
 *
 * @module
 */
export * from "./append_step_summary.ts";
export * from "./benchmark_report.ts";
export * from "./curve_report.ts";
export * from "./format_quantity.ts";
export * from "./judge_benchmark.ts";
export * from "./render_benchmark.ts";
export * from "./render_benchmark_html.ts";
export * from "./render_benchmark_markdown.ts";
export * from "./render_benchmark_text.ts";
export * from "./render_curve_html.ts";
export * from "./render_curve_markdown.ts";
export * from "./render_curve_text.ts";
export * from "./render_junit.ts";
export * from "./render_sheet_annotations.ts";
export * from "./render_sheet_junit.ts";
export * from "./render_sheet_markdown.ts";
export * from "./render_sheet_sarif.ts";
export * from "./verdict_sheet.ts";
