/**
 * Reports from plain data: text, Markdown, JSON, and HTML pages with charts that need no script.
 *
 * @module
 */
export * from "./benchmark_report.ts";
export * from "./format_quantity.ts";
export * from "./judge_benchmark.ts";
export * from "./render_benchmark.ts";
export * from "./render_benchmark_html.ts";
export * from "./render_benchmark_markdown.ts";
export * from "./render_benchmark_text.ts";
