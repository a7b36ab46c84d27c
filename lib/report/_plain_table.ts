import { escapeHtml } from "./_escape_html.ts";
import type { CurveTable } from "./curves/curve_report.ts";

/** Render a table of text cells as HTML, without its title. */
export function renderPlainTable({ heads, rows }: CurveTable): string {
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const head = heads.every((name) => name === "") ? "" : `<thead>${line("th", heads)}</thead>\n`;
  return `<div class="scroll"><table>${head}<tbody>${
    rows.map((row) => line("td", row)).join("\n")
  }</tbody></table></div>`;
}
