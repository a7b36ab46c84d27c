import { extname } from "node:path";
import { renderReportHtml } from "./render_report_html.ts";
import { renderReportMarkdown } from "./render_report_markdown.ts";
import type { Report } from "./report.ts";

/** File extensions that {@linkcode renderReportFor} supports. */
export const REPORT_ENDINGS: readonly string[] = [".html", ".json", ".md"];

/**
 * Render a report in the format of a file extension.
 *
 * @param path A file name that ends with one of {@linkcode REPORT_ENDINGS}
 * @param report The report
 * @param json What a `.json` file contains
 * @returns Content of the file
 * @throws {RangeError} For any other extension
 */
export function renderReportFor(path: string, report: Report, json: object): string {
  switch (extname(path)) {
    case ".html":
      return renderReportHtml(report);
    case ".json":
      return `${JSON.stringify(json, null, 2)}\n`;
    case ".md":
      return renderReportMarkdown(report);
  }
  throw new RangeError(`Cannot render "${path}": its extension is not one of ${REPORT_ENDINGS.join(", ")}`);
}
