import { escapeMarkdown } from "./_escape_markdown.ts";
import type { Report, ReportClaim, ReportTable } from "./report.ts";

/** Signs that are readable without colors. */
const SIGNS: Readonly<Record<ReportClaim["verdict"], string>> = {
  "pass": "✅ pass",
  "fail": "❌ fail",
  "inconclusive": "⚠️ inconclusive",
  "not evaluated": "⬜ not evaluated",
};

/**
 * Render a report as Markdown: claims with the commands that produce missing evidence, tables and facts, without charts.
 *
 * @param report The report
 * @returns Markdown that ends with a line break
 */
export function renderReportMarkdown(report: Report): string {
  const { title, verdict, lead, notes, claims, tables, facts } = report;
  return [
    `# ${escapeMarkdown(title)}${verdict === undefined ? "" : `: ${verdict}`}`,
    "",
    escapeMarkdown(lead),
    "",
    ...notes.map((note) => `- ${escapeMarkdown(note)}`),
    ...notes.length === 0 ? [] : [""],
    ...claims.length === 0 ? [] : renderClaims(claims),
    ...tables.flatMap(renderSection),
    ...facts.length === 0 ? [] : renderSection({ title: "Facts", heads: ["", ""], rows: facts }),
  ].join("\n");
}

function renderClaims(claims: readonly ReportClaim[]): readonly string[] {
  const hasCommands = claims.some(({ command = "" }) => command !== "");
  const rows = claims.map(({ id, title, required, measured, verdict, note, command = "" }) => [
    `\`${id}\` ${escapeMarkdown(title)}`,
    escapeMarkdown(required),
    escapeMarkdown([measured, note].filter((text) => text !== "").join("; ")),
    SIGNS[verdict],
    ...hasCommands ? [verdict === "pass" || command === "" ? "" : `\`${command}\``] : [],
  ]);
  return renderTable(["Claim", "Required", "Measured", "Verdict", ...hasCommands ? ["Command"] : []], rows);
}

function renderSection({ title, heads, rows }: ReportTable): readonly string[] {
  const escaped = rows.map((row) => row.map(escapeMarkdown));
  return [`## ${escapeMarkdown(title)}`, "", ...renderTable(heads.map(escapeMarkdown), escaped)];
}

/** Render cells that are Markdown already. */
function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [
    `| ${heads.join(" | ")} |`,
    `| ${heads.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ];
}
