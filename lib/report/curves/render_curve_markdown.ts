import { escapeMarkdown } from "../_escape_markdown.ts";
import type { CurveReport } from "./curve_report.ts";

/**
 * Render a long run as Markdown: claims, tables and facts, without charts.
 *
 * @param report The run
 * @returns Markdown that ends with a line break
 */
export function renderCurveMarkdown(report: CurveReport): string {
  const { title, verdict, lead, notes, claims, tables, facts } = report;
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) => [
    `| ${heads.map(escapeMarkdown).join(" | ")} |`,
    `| ${heads.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.map(escapeMarkdown).join(" | ")} |`),
    "",
  ];
  const rows = claims.map(({ id, title, required, measured, verdict, note }) => {
    return [`${title} (${id})`, required, note === "" ? measured : `${measured}; ${note}`, verdict];
  });
  return [
    ...[
      `# ${escapeMarkdown(title)}: ${verdict}`,
      "",
      escapeMarkdown(lead),
      "",
      ...notes.map((note) => `- ${escapeMarkdown(note)}`),
    ],
    ...notes.length === 0 ? [] : [""],
    ...table(["Claim", "Required", "Measured", "Verdict"], rows),
    ...tables.flatMap((one) => [`## ${escapeMarkdown(one.title)}`, "", ...table(one.heads, one.rows)]),
    ...["## Environment", "", ...table(["", ""], facts)],
  ].join("\n");
}
