import { escapeHtml } from "../_escape_html.ts";
import type { CurveChart } from "../curves/curve_report.ts";

/** Render a chart with its title and lead; an empty string if it has no points. */
export function renderChartSection(chart: CurveChart, draw: (chart: CurveChart) => string): string {
  const picture = draw(chart);
  if (picture === "") return "";
  const lead = chart.lead === "" ? "" : `<p class="lead">${escapeHtml(chart.lead)}</p>\n`;
  return `<section><h2>${escapeHtml(chart.title)}</h2>\n${lead}<div class="scroll">${picture}</div></section>`;
}
