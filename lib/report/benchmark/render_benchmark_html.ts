import { escapeHtml } from "../_escape_html.ts";
import {
  describeVerdict,
  factRows,
  formatConfidence,
  formatEstimate,
  formatInterval,
  formatLimit,
  formatTally,
} from "./format_estimate.ts";
import { PAGE_STYLE } from "../charts/page_style.ts";
import type { BenchmarkReport, ReportedChart, ReportedTarget } from "./benchmark_report.ts";

const ROUND_BY_ROUND =
  "Ratios compare runs of the same round, so a temporary slowdown of the whole machine cancels out.";

/** Functions that draw the two kinds of charts. */
interface Charts {
  readonly dots: (chart: ReportedChart) => string;
  readonly limits: (targets: readonly ReportedTarget[]) => string;
}

/**
 * Render a benchmark as one HTML page: verdicts, distributions as SVG charts, numbers, and facts about machine and
 * settings. The page has no scripts and no external resources, and is readable in light and dark mode and on paper.
 *
 * @param report The benchmark
 * @returns The HTML document
 */
export async function renderBenchmarkHtml(report: BenchmarkReport): Promise<string> {
  // Imported on demand, because the charts need a package of 1 MB that nothing else uses.
  const [{ dotChart }, { limitChart }] = await Promise.all([
    import("../charts/dot_chart.ts"),
    import("../charts/limit_chart.ts"),
  ]);
  const charts: Charts = { dots: dotChart, limits: limitChart };
  const { title, reservation, targets } = report;
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
<p class="lead">${escapeHtml(formatTally(report))} · ${escapeHtml(report.startedAt.slice(0, 10))}${
    describeCommit(report)
  }</p>
${reservation === null ? "" : `<p class="warn"><strong>No verdict:</strong> ${escapeHtml(reservation)}.</p>`}
${summary(targets, charts)}
${targets.map((target) => section(target, charts)).join("\n")}
<section id="facts"><h2>Environment</h2>
${table(["", ""], factRows(report).map((row) => [...row]))}</section>
<footer>Each dot is one run, the line across its row is the median, the band its interval. ${
    escapeHtml(report.method ?? ROUND_BY_ROUND)
  } Each interval is shown with its confidence; a small number of runs limits it. Limits that the estimate keeps but the whole interval does not are marked “not certain”.</footer>
</body>
</html>
`;
}

function describeCommit({ commit, isDirty }: BenchmarkReport): string {
  return commit === null ? "" : ` · commit ${escapeHtml(commit.slice(0, 12))}${isDirty ? " with changes" : ""}`;
}

function summary(targets: readonly ReportedTarget[], charts: Charts): string {
  const picture = charts.limits(targets);
  if (picture === "") return "";
  return `<section id="summary"><h2>Distance from the limits</h2>
<p class="lead">Values left of the line keep the limit. Each mark doubles the previous one.</p>
<div class="scroll">${picture}</div></section>`;
}

function section(target: ReportedTarget, charts: Charts): string {
  const { id, title, status, label = status, workload, criteria, notes } = target;
  const rows = criteria.map((criterion) => [
    ...[criterion.what, formatLimit(criterion), formatEstimate(criterion.estimate, criterion.unit)],
    ...[formatInterval(criterion.estimate, criterion.unit), formatConfidence(criterion.estimate)],
    ...[String(criterion.estimate?.n ?? 0), describeVerdict(criterion, target)],
  ]);
  return `<section id="${escapeHtml(id)}">
<h2>${escapeHtml(`${id} ${title}`)} <span class="status ${escapeHtml(status.split(" ")[0] ?? "")}">${
    escapeHtml(label)
  }</span></h2>
<p>${escapeHtml(workload)}</p>
${rows.length === 0 ? "" : table(["Compared", "Limit", "Measured", "Interval", "Confidence", "n", "Verdict"], rows)}
${target.charts.map((chart) => numbers(chart, charts)).join("\n")}
${notes.length === 0 ? "" : `<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>`}
</section>`;
}

function numbers(chart: ReportedChart, charts: Charts): string {
  const { title, unit, series } = chart;
  const hasNumbers = series.some((side) => side.median !== null);
  const rows = series.map((side) => [
    ...[side.name, formatEstimate(side.median, unit), formatInterval(side.median, unit), formatConfidence(side.median)],
    ...[String(side.values.length), side.problem ?? ""],
  ]);
  return `<h3>${escapeHtml(title)}</h3>
${hasNumbers ? `<div class="scroll">${charts.dots(chart)}</div>` : ""}
${table(["", "Median", "Interval", "Confidence", "n", ""], rows)}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = (head: string) => ["Limit", "Measured", "Median", "Interval", "Confidence", "n"].includes(head);
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell, column) => `<${tag}${isNumber(heads[column]!) ? ' class="n"' : ""}>${escapeHtml(cell)}</${tag}>`)
      .join("");
  const head = heads.every((name) => name === "") ? "" : `<thead><tr>${cells("th", heads)}</tr></thead>\n`;
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<div class="scroll"><table>${head}<tbody>${body}</tbody></table></div>`;
}
