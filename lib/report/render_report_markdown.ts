import { escapeMarkdown } from "./_escape_markdown.ts";
import { runsTable } from "./_runs_table.ts";
import type { Report, ReportClaim, ReportSection, ReportTable, ReportVerdict } from "./report.ts";

/** Signs that are readable without colors. */
const SIGNS: Readonly<Record<ReportVerdict, string>> = {
  "pass": "✅",
  "fail": "❌",
  "inconclusive": "⚠️",
  "aborted": "⚠️",
  "not evaluated": "⬜",
};

/**
 * Render a report as Markdown: claims with the commands that produce missing evidence, tables and facts, without charts.
 *
 * @param report The report
 * @returns Markdown that ends with a line break
 */
export function renderReportMarkdown(report: Report): string {
  const { title, verdict, lead, notes, claims, tables, sections = [], facts } = report;
  return [
    `# ${escapeMarkdown(title)}${verdict === undefined ? "" : `: ${verdict}`}`,
    escapeMarkdown(lead),
    renderNotes(notes),
    renderClaims(claims),
    ...tables.flatMap((table) => [`## ${escapeMarkdown(table.title)}`, renderTable(table)]),
    ...sections.flatMap(renderSection),
    ...facts.length === 0 ? [] : ["## Facts", renderTable({ title: "", heads: ["", ""], rows: facts })],
  ].filter((part) => part !== "").join("\n\n") + "\n";
}

function renderSection(section: ReportSection): readonly string[] {
  const { title, verdict, label = verdict, lead, claims, distributions, notes } = section;
  return [
    `## ${escapeMarkdown(`${title}: ${label}`)}`,
    escapeMarkdown(lead),
    renderClaims(claims),
    ...distributions.map((chart) => renderTable(runsTable(chart))),
    renderNotes(notes),
  ];
}

function renderNotes(notes: readonly string[]): string {
  return notes.map((note) => `- ${escapeMarkdown(note)}`).join("\n");
}

function renderClaims(claims: readonly ReportClaim[]): string {
  if (claims.length === 0) return "";
  const hasCommands = claims.some(({ command = "" }) => command !== "");
  const rows = claims.map(({ id, title, required, measured, verdict, note, command = "" }) => [
    title === "" ? escapeMarkdown(id) : `\`${id}\` ${escapeMarkdown(title)}`,
    escapeMarkdown(required),
    escapeMarkdown([measured, note].filter((text) => text !== "").join("; ")),
    `${SIGNS[verdict]} ${verdict}`,
    ...hasCommands ? [verdict === "pass" || command === "" ? "" : `\`${command}\``] : [],
  ]);
  return renderCells(["Claim", "Required", "Measured", "Verdict", ...hasCommands ? ["Command"] : []], rows);
}

function renderTable({ heads, rows }: ReportTable): string {
  return renderCells(heads.map(escapeMarkdown), rows.map((row) => row.map(escapeMarkdown)));
}

/** Render cells that are Markdown already. */
function renderCells(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
