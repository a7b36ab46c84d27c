import { renderChartSection } from "../charts/render_chart_section.ts";
import { renderPlainTable } from "../_plain_table.ts";
import { escapeHtml } from "../_escape_html.ts";
import { PAGE_STYLE } from "../charts/page_style.ts";
import type { AnalysisReport } from "./analysis_report.ts";

/**
 * Render an analysis as one HTML page: charts as SVG, tables, and facts. The page has no scripts and no external
 * resources, and is readable in light and dark mode and on paper.
 *
 * @param report The analysis
 * @returns The HTML document
 */
export async function renderAnalysisHtml(report: AnalysisReport): Promise<string> {
  // Imported on demand, because the charts need a package of 1 MB that nothing else uses.
  const { curveChart } = await import("../charts/curve_chart.ts");
  const { title, lead, notes, charts, tables, facts } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${notes.map((note) => `<p class="warn">${escapeHtml(note)}</p>`).join("\n")}
${charts.map((chart) => renderChartSection(chart, curveChart)).filter((text) => text !== "").join("\n")}
${tables.map((one) => `<section><h2>${escapeHtml(one.title)}</h2>\n${renderPlainTable(one)}</section>`).join("\n")}
<section id="facts"><h2>Source</h2>
${renderPlainTable({ title: "", heads: ["", ""], rows: facts })}</section>
</body>
</html>
`;
}
