import { runsTable } from "./_runs_table.ts";
import type { Report, ReportClaim, ReportSection } from "./report.ts";

/**
 * Render a report for a terminal: verdict, notes, claims, brief tables and sections, and the facts that the sections are based on.
 *
 * @param report The report
 * @returns Text that ends with a line break
 */
export function renderReportText(report: Report): string {
  const { title, verdict, lead, notes, claims, tables, sections = [], facts } = report;
  const parts = [
    [verdict === undefined ? title : `${title}: ${verdict}`, lead, ...notes],
    alignClaims(claims),
    ...tables.filter(({ isBrief = false }) => isBrief).map(({ heads, rows }) => align([heads, ...rows])),
    ...sections.map(renderSection),
    // Whoever reads numbers must know where they are from.
    sections.length === 0 ? [] : facts.map(([name, text]) => `${name}: ${text}`),
  ];
  return `${parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderSection(
  { title, verdict, label = verdict, lead, claims, distributions, notes }: ReportSection,
): readonly string[] {
  const tables = distributions.flatMap((chart) => {
    const { heads, rows } = runsTable(chart);
    // All runs would be longer than a line.
    const cells = rows.map((row, index) => [...row.slice(0, -1), chart.series[index]!.problem ?? ""]);
    return align([[...heads.slice(0, -1), ""], ...cells]);
  });
  return [
    `${title}: ${label}`,
    ...[...lead === "" ? [] : [lead], ...alignClaims(claims), ...tables, ...notes.map((note) => `* ${note}`)]
      .map((line) => `    ${line}`),
  ];
}

function alignClaims(claims: readonly ReportClaim[]): readonly string[] {
  return align(
    claims.map(({ id, required, measured, verdict, note }) => [
      verdict,
      id,
      // What passes needs no explanation.
      [`${measured} (required ${required})`.trim(), ...verdict === "pass" || note === "" ? [] : [note]].join("; "),
    ]),
  );
}

/** Put cells of a column below each other. */
function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd());
}
