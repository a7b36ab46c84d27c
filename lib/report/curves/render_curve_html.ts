import { escapeHtml } from "../_escape_html.ts";
import { PAGE_STYLE } from "../charts/page_style.ts";
import { renderChartSection } from "../charts/render_chart_section.ts";
import type { CurveClaim, CurveReport } from "./curve_report.ts";
import { renderPlainTable } from "../_plain_table.ts";

const STATUS: Readonly<Record<CurveReport["verdict"], string>> = {
  pass: "met",
  fail: "missed",
  inconclusive: "not",
  aborted: "not",
};

/**
 * Render a long run as one HTML page: claims, curves as SVG charts, tables, and facts. The page has no scripts and no
 * external resources, and is readable in light and dark mode and on paper.
 *
 * @param report The run
 * @returns The HTML document
 */
export async function renderCurveHtml(report: CurveReport): Promise<string> {
  // Imported on demand, because the charts need a package of 1 MB that nothing else uses.
  const { curveChart } = await import("../charts/curve_chart.ts");
  const { title, verdict, lead, notes, claims, charts, tables, facts } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${title}: ${verdict}`)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)} ${badge(verdict)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${notes.map((note) => `<p class="warn">${escapeHtml(note)}</p>`).join("\n")}
<section id="claims"><h2>Claims</h2>
${claimTable(claims)}</section>
${charts.map((chart) => renderChartSection(chart, curveChart)).filter((text) => text !== "").join("\n")}
${tables.map((one) => `<section><h2>${escapeHtml(one.title)}</h2>\n${renderPlainTable(one)}</section>`).join("\n")}
<section id="facts"><h2>Environment</h2>
${renderPlainTable({ title: "", heads: ["", ""], rows: facts })}</section>
<footer>A rate passes only if its exact one-sided 95 % bound keeps the limit, and fails only if the bound on the
other side exceeds it; otherwise it is “inconclusive”. Latencies are measured from the time at which a job was due.</footer>
</body>
</html>
`;
}

function badge(verdict: CurveReport["verdict"]): string {
  return `<span class="status ${STATUS[verdict]}">${verdict}</span>`;
}

function claimTable(claims: readonly CurveClaim[]): string {
  const rows = claims.map(({ id, title, required, measured, verdict, note }) =>
    `<tr><td>${escapeHtml(title)}<br><code>${escapeHtml(id)}</code></td><td>${badge(verdict)}</td>` +
    `<td>${escapeHtml(measured)}${note === "" ? "" : `<br><small>${escapeHtml(note)}</small>`}</td>` +
    `<td class="n">${escapeHtml(required)}</td></tr>`
  );
  const head = '<tr><th>Claim</th><th>Verdict</th><th>Measured</th><th class="n">Required</th></tr>';
  // On a narrow screen the verdicts stay visible, and the reader scrolls to the rest instead of seeing it squeezed.
  return `<div class="scroll"><table style="min-width: 46rem"><thead>${head}</thead>\n<tbody>${
    rows.join("\n")
  }</tbody></table></div>`;
}
