import { escapeHtml } from "./_escape_html.ts";
import { runsTable } from "./_runs_table.ts";
import { curveChart } from "./charts/curve_chart.ts";
import { dotChart } from "./charts/dot_chart.ts";
import { PAGE_STYLE } from "./charts/page_style.ts";
import type { ReportedChart } from "./reported_chart.ts";
import type { CurveChart, Report, ReportClaim, ReportSection, ReportTable, ReportVerdict } from "./report.ts";

/** Class of the badge of each verdict. */
const BADGES: Readonly<Record<ReportVerdict, string>> = {
  pass: "met",
  fail: "missed",
  inconclusive: "not",
  aborted: "not",
  "not evaluated": "not",
};

/**
 * Render a report as one HTML page: claims, charts as SVG, tables, and facts. The page has no scripts and no external
 * resources, and is readable in light and dark mode and on paper.
 *
 * @param report The report
 * @returns The HTML document
 */
export function renderReportHtml(report: Report): string {
  const { title, verdict, lead, notes, claims, charts, tables, sections = [], facts, explanation } = report;
  const parts = [
    claims.length === 0 ? "" : `<section id="claims"><h2>Claims</h2>\n${renderClaims(claims)}</section>`,
    ...charts.map((chart) => renderCurves(chart, curveChart(chart))),
    ...tables.map((table) => `<section><h2>${escapeHtml(table.title)}</h2>\n${renderTable(table)}</section>`),
    ...sections.map((section) => renderSection(section)),
    facts.length === 0
      ? ""
      : `<section id="facts"><h2>Facts</h2>\n${renderTable({ title: "", heads: ["", ""], rows: facts })}</section>`,
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
${parts.filter((part) => part !== "").join("\n")}
</body>
</html>
`;
}

function renderSection(section: ReportSection): string {
  const { title, verdict, label, lead, claims, distributions, notes } = section;
  const parts = [
    `<h2>${escapeHtml(title)} ${renderBadge(verdict, label)}</h2>`,
    lead === "" ? "" : `<p>${escapeHtml(lead)}</p>`,
    claims.length === 0 ? "" : renderClaims(claims),
    ...distributions.map((chart) => renderRuns(chart)),
    notes.length === 0 ? "" : `<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>`,
  ];
  return `<section>\n${parts.filter((part) => part !== "").join("\n")}\n</section>`;
}

function renderBadge(verdict: ReportVerdict, label: string = verdict): string {
  return `<span class="status ${BADGES[verdict]}">${escapeHtml(label)}</span>`;
}

function renderClaims(claims: readonly ReportClaim[]): string {
  const rows = claims.map(({ id, title, required, measured, verdict, note, command = "" }) => {
    const name = title === "" ? escapeHtml(id) : `${escapeHtml(title)}<br><code>${escapeHtml(id)}</code>`;
    const remarks = [note, command === "" || verdict === "pass" ? "" : `Run: ${command}`].filter((text) => text !== "");
    return `<tr><td>${name}</td><td>${renderBadge(verdict)}</td>` +
      `<td>${escapeHtml(measured)}${remarks.map((text) => `<br><small>${escapeHtml(text)}</small>`).join("")}</td>` +
      `<td class="n">${escapeHtml(required)}</td></tr>`;
  });
  const head = '<tr><th>Claim</th><th>Verdict</th><th>Measured</th><th class="n">Required</th></tr>';
  // On a narrow screen the verdicts stay visible, and the reader scrolls to the rest instead of seeing it squeezed.
  return `<div class="scroll"><table style="min-width: 46rem"><thead>${head}</thead>\n<tbody>${
    rows.join("\n")
  }</tbody></table></div>`;
}

/** Render curves with title and lead; an empty string if there is no picture. */
function renderCurves({ title, lead }: CurveChart, picture: string): string {
  if (picture === "") return "";
  const sentence = lead === "" ? "" : `<p class="lead">${escapeHtml(lead)}</p>\n`;
  return `<section><h2>${escapeHtml(title)}</h2>\n${sentence}<div class="scroll">${picture}</div></section>`;
}

function renderRuns(chart: ReportedChart): string {
  const hasNumbers = chart.series.some(({ values }) => values.length > 0);
  return `<h3>${escapeHtml(chart.title)}</h3>
${hasNumbers ? `<div class="scroll">${dotChart(chart)}</div>\n` : ""}${renderTable(runsTable(chart))}`;
}

function renderTable({ heads, rows }: ReportTable): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const head = heads.every((name) => name === "") ? "" : `<thead>${line("th", heads)}</thead>\n`;
  return `<div class="scroll"><table>${head}<tbody>${
    rows.map((row) => line("td", row)).join("\n")
  }</tbody></table></div>`;
}
