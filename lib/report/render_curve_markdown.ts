import type { CurveReport } from "./curve_report.ts";

/**
 * Render a long run as Markdown: claims, tables, and what it rests on.
 *
 * @param report The run
 * @returns Markdown that ends with a line break
 */
export function renderCurveMarkdown(report: CurveReport): string {
  const { title, verdict, lead, notes, claims, tables, facts } = report;
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) => [
    `| ${heads.join(" | ")} |`,
    `| ${heads.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
    "",
  ];
  const rows = claims.map(({ id, title, required, measured, verdict, note }) => {
    return [`${title} (${id})`, required, note === "" ? measured : `${measured}; ${note}`, verdict];
  });
  return [
    ...[`# ${cell(title)}: ${verdict}`, "", cell(lead), "", ...notes.map((note) => `- ${cell(note)}`)],
    ...notes.length === 0 ? [] : [""],
    ...table(["Claim", "Required", "Measured", "Verdict"], rows),
    ...tables.flatMap((one) => [`## ${cell(one.title)}`, "", ...table(one.heads, one.rows)]),
    ...["## What it rests on", "", ...table(["", ""], facts)],
  ].join("\n");
}

/** A text that cannot break a table or become markup. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\|<>*_`[\]]/g, (character) => `\\${character}`);
}
