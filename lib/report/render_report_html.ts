import { escapeHtml } from "./_escape_html.ts";
import { PAGE_STYLE } from "./charts/page_style.ts";
import type { CurveChart, Report, ReportClaim, ReportTable } from "./report.ts";

/** Class of the badge of each verdict. */
const BADGES: Readonly<Record<ReportClaim["verdict"] | "aborted", string>> = {
  pass: "met",
  fail: "missed",
  inconclusive: "not",
  "not evaluated": "not",
  aborted: "not",
};

/**
 * Render a report as one HTML page: claims, curves as SVG charts, tables, and facts. The page has no scripts and no
 * external resources, and is readable in light and dark mode and on paper.
 *
 * @param report The report
 * @returns The HTML document
 */
export async function renderReportHtml(report: Report): Promise<string> {
  // Imported on demand, because the charts need a package of 1 MB that nothing else uses.
  const { curveChart } = await import("./charts/curve_chart.ts");
  const { title, verdict, lead, notes, claims, charts, tables, facts, explanation } = report;
  const sections = [
    ...claims.length === 0 ? [] : [`<section id="claims"><h2>Claims</h2>\n${renderClaims(claims)}</section>`],
    ...charts.map((chart) => renderChart(chart, curveChart(chart))),
    ...tables.map((table) => `<section><h2>${escapeHtml(table.title)}</h2>\n${renderTable(table)}</section>`),
    ...facts.length === 0 ? [] : [
      `<section id="facts"><h2>Facts</h2>\n${renderTable({ title: "", heads: ["", ""], rows: facts })}</section>`,
    ],
    explanation === undefined ? "" : `<footer>${escapeHtml(explanation)}</footer>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(verdict === undefined ? title : `${title}: ${verdict}`)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}${verdict === undefined ? "" : ` ${renderBadge(verdict)}`}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${notes.map((note) => `<p class="warn">${escapeHtml(note)}</p>`).join("\n")}
${sections.filter((text) => text !== "").join("\n")}
</body>
</html>
`;
}

function renderBadge(verdict: keyof typeof BADGES): string {
  return `<span class="status ${BADGES[verdict]}">${verdict}</span>`;
}

function renderClaims(claims: readonly ReportClaim[]): string {
  const rows = claims.map(({ id, title, required, measured, verdict, note, command = "" }) => {
    const remarks = [note, command === "" || verdict === "pass" ? "" : `Run: ${command}`].filter((text) => text !== "");
    return `<tr><td>${escapeHtml(title)}<br><code>${escapeHtml(id)}</code></td><td>${renderBadge(verdict)}</td>` +
      `<td>${escapeHtml(measured)}${remarks.map((text) => `<br><small>${escapeHtml(text)}</small>`).join("")}</td>` +
      `<td class="n">${escapeHtml(required)}</td></tr>`;
  });
  const head = '<tr><th>Claim</th><th>Verdict</th><th>Measured</th><th class="n">Required</th></tr>';
  // On a narrow screen the verdicts stay visible, and the reader scrolls to the rest instead of seeing it squeezed.
  return `<div class="scroll"><table style="min-width: 46rem"><thead>${head}</thead>\n<tbody>${
    rows.join("\n")
  }</tbody></table></div>`;
}

/** Render a chart with its title and lead; an empty string if there is no picture. */
function renderChart({ title, lead }: CurveChart, picture: string): string {
  if (picture === "") return "";
  const sentence = lead === "" ? "" : `<p class="lead">${escapeHtml(lead)}</p>\n`;
  return `<section><h2>${escapeHtml(title)}</h2>\n${sentence}<div class="scroll">${picture}</div></section>`;
}

function renderTable({ heads, rows }: ReportTable): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const head = heads.every((name) => name === "") ? "" : `<thead>${line("th", heads)}</thead>\n`;
  return `<div class="scroll"><table>${head}<tbody>${
    rows.map((row) => line("td", row)).join("\n")
  }</tbody></table></div>`;
}
