import type { Report } from "./report.ts";

/**
 * Render a report for a terminal: verdict, notes and claims.
 *
 * @param report The report
 * @returns Text that ends with a line break
 */
export function renderReportText(report: Report): string {
  const { title, verdict, lead, notes, claims } = report;
  const width = Math.max(...claims.map(({ id }) => id.length), 0);
  const word = Math.max(...claims.map(({ verdict }) => verdict.length), 0);
  const lines = claims.map(({ id, required, measured, verdict }) =>
    `${verdict.padEnd(word)}  ${id.padEnd(width)}  ${measured} (required ${required})`
  );
  return [verdict === undefined ? title : `${title}: ${verdict}`, lead, ...notes, "", ...lines, ""].join("\n");
}
