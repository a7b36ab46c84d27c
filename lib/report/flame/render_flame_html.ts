import { escapeHtml } from "../_escape_html.ts";
import { PAGE_STYLE } from "../charts/page_style.ts";
import type { CurveTable } from "../curves/curve_report.ts";
import type { FlamePage } from "./flame_graph.ts";
import { renderFlameSvg } from "./render_flame_svg.ts";

/**
 * Render a flame graph and its tables as one HTML page, without scripts and external resources.
 *
 * @param page The flame graph with its tables
 * @returns The HTML document
 */
export function renderFlameHtml({ title, lead, notes, tables, root }: FlamePage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}body { max-width: 80rem; }</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead)}</p>
${notes.map((note) => `<p class="warn">${escapeHtml(note)}</p>`).join("\n")}
<section><h2>Flame graph</h2>
<div class="scroll">${renderFlameSvg(root, { title })}</div></section>
${tables.map(section).join("\n")}
</body>
</html>
`;
}

function section({ title, heads, rows }: CurveTable): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<section><h2>${escapeHtml(title)}</h2>
<div class="scroll"><table><thead>${line("th", heads)}</thead>
<tbody>${rows.map((row) => line("td", row)).join("\n")}</tbody></table></div></section>`;
}
