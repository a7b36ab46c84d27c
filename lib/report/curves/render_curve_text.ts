import type { CurveReport } from "./curve_report.ts";

/**
 * Render a long run for a terminal: verdict, notes and claims.
 *
 * @param report The run
 * @returns Text that ends with a line break
 */
export function renderCurveText(report: CurveReport): string {
  const { title, verdict, lead, notes, claims } = report;
  const width = Math.max(...claims.map(({ id }) => id.length), 0);
  const word = Math.max(...claims.map(({ verdict }) => verdict.length), 0);
  const lines = claims.map(({ id, required, measured, verdict }) =>
    `${verdict.padEnd(word)}  ${id.padEnd(width)}  ${measured} (required ${required})`
  );
  return [`${title}: ${verdict}`, lead, ...notes, "", ...lines, ""].join("\n");
}
