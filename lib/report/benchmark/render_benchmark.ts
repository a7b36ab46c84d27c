import { extname } from "node:path";
import type { BenchmarkReport } from "./benchmark_report.ts";
import { renderBenchmarkHtml } from "./render_benchmark_html.ts";
import { renderBenchmarkMarkdown } from "./render_benchmark_markdown.ts";

/** File extensions that {@linkcode renderBenchmarkFor} supports. */
export const BENCHMARK_ENDINGS: readonly string[] = [".html", ".json", ".md"];

/**
 * Render a benchmark in the format of a file extension.
 *
 * @param path A file name that ends with `.html`, `.json` or `.md`
 * @param report The benchmark
 * @returns Content of the file
 * @throws {RangeError} For any other extension
 */
export async function renderBenchmarkFor(path: string, report: BenchmarkReport): Promise<string> {
  const ending = extname(path);
  if (ending === ".html") return await renderBenchmarkHtml(report);
  if (ending === ".md") return renderBenchmarkMarkdown(report);
  if (ending === ".json") return `${JSON.stringify(report, null, 2)}\n`;
  throw new RangeError(`Cannot render "${path}": its extension is not one of ${BENCHMARK_ENDINGS.join(", ")}`);
}
