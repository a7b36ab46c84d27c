import { extname } from "node:path";
import type { BenchmarkReport } from "./benchmark_report.ts";
import { renderBenchmarkHtml } from "./render_benchmark_html.ts";
import { renderBenchmarkMarkdown } from "./render_benchmark_markdown.ts";

/** The endings that {@linkcode renderBenchmarkFor} knows. */
export const BENCHMARK_ENDINGS: readonly string[] = [".html", ".json", ".md"];

/**
 * Render a benchmark as its file's ending says.
 *
 * @param path A name that ends with `.html`, `.json` or `.md`
 * @param report The benchmark
 * @returns The file's text
 * @throws {RangeError} For another ending
 */
export async function renderBenchmarkFor(path: string, report: BenchmarkReport): Promise<string> {
  const ending = extname(path);
  if (ending === ".html") return await renderBenchmarkHtml(report);
  if (ending === ".md") return renderBenchmarkMarkdown(report);
  if (ending === ".json") return `${JSON.stringify(report, null, 2)}\n`;
  throw new RangeError(`Cannot render "${path}": its ending is none of ${BENCHMARK_ENDINGS.join(", ")}`);
}
