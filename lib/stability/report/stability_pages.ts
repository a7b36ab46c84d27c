import { renderReportHtml, renderReportMarkdown } from "../../report/mod.ts";
import type { SoakEvidence } from "../../soak/mod.ts";
import { stabilityReport } from "./stability_report.ts";

/** Render the files that accompany the report, each with its path: Markdown, and an HTML page with curves. */
export function stabilityPages(
  path: string,
  evidence: SoakEvidence,
): readonly (readonly [path: string, text: string])[] {
  const report = stabilityReport(evidence);
  const base = path.replace(/\.json$/, "");
  return [
    [`${base}.md`, renderReportMarkdown(report)],
    [`${base}.html`, renderReportHtml(report)],
  ];
}
