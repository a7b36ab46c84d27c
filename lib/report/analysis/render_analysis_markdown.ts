import { escapeMarkdown } from "../_escape_markdown.ts";
import type { AnalysisReport } from "./analysis_report.ts";

/**
 * Render an analysis as Markdown: tables and facts, without charts.
 *
 * @param report The analysis
 * @returns Markdown that ends with a line break
 */
export function renderAnalysisMarkdown(report: AnalysisReport): string {
  const { title, lead, notes, tables, facts } = report;
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) => [
    `| ${heads.map(escapeMarkdown).join(" | ")} |`,
    `| ${heads.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.map(escapeMarkdown).join(" | ")} |`),
    "",
  ];
  return [
    ...[`# ${escapeMarkdown(title)}`, "", escapeMarkdown(lead), ""],
    ...notes.map((note) => `- ${escapeMarkdown(note)}`),
    ...notes.length === 0 ? [] : [""],
    ...tables.flatMap((one) => [`## ${escapeMarkdown(one.title)}`, "", ...table(one.heads, one.rows)]),
    ...["## Source", "", ...table(["", ""], facts)],
  ].join("\n");
}
