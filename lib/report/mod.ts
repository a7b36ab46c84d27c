/**
 * Reports from plain data: text, Markdown, JSON, HTML pages with charts and without scripts, and formats for CI: JUnit,
 * SARIF, annotations, step summaries.
 *
 * @module
 */
export * from "./append_step_summary.ts";
export * from "./benchmark/benchmark_report.ts";
export * from "./curves/curve_report.ts";
export * from "./format_quantity.ts";
export * from "./benchmark/judge_benchmark.ts";
export * from "./benchmark/render_benchmark.ts";
export * from "./benchmark/render_benchmark_html.ts";
export * from "./benchmark/render_benchmark_markdown.ts";
export * from "./benchmark/render_benchmark_text.ts";
export * from "./curves/render_curve_html.ts";
export * from "./curves/render_curve_markdown.ts";
export * from "./curves/render_curve_text.ts";
export * from "./render_junit.ts";
export * from "./sheet/render_sheet_annotations.ts";
export * from "./sheet/render_sheet_junit.ts";
export * from "./sheet/render_sheet_markdown.ts";
export * from "./sheet/render_sheet_sarif.ts";
export * from "./sheet/verdict_sheet.ts";
