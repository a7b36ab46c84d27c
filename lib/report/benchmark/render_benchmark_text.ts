import {
  describeVerdict,
  factRows,
  formatConfidence,
  formatEstimate,
  formatInterval,
  formatLimit,
  formatTally,
} from "./format_estimate.ts";
import type { BenchmarkReport, ReportedTarget } from "./benchmark_report.ts";

/**
 * Render a benchmark for a terminal: each target with its work, verdicts and medians, then the machine and the settings.
 *
 * @param report The benchmark
 * @returns Lines, the last one with a line break
 */
export function renderBenchmarkText(report: BenchmarkReport): string {
  const { reservation, targets } = report;
  const end = `${formatTally(report)}${reservation === null ? "" : `. No verdict: ${reservation}`}`;
  // Whoever reads numbers must know where they are from.
  const facts = factRows(report).filter(([name]) => name === "Machine" || name === "Settings")
    .map(([name, text]) => `${name}: ${text}`).join("\n");
  return [...targets.map(section), facts, end].join("\n\n") + "\n";
}

function section(target: ReportedTarget): string {
  const verdicts = target.criteria.map((criterion) => {
    const { what, estimate, unit } = criterion;
    return [what, formatLimit(criterion), ...estimateCells(estimate, unit), describeVerdict(criterion, target)];
  });
  const medians = target.charts.flatMap(({ title, unit, series }) => [
    [`${title}:`],
    ...series.map((side) => [`  ${side.name}`, "", ...estimateCells(side.median, unit), side.problem ?? ""]),
  ]);
  return [
    `${target.id}  ${target.title}: ${target.label ?? target.status}`,
    ...target.workload === "" ? [] : [`    ${target.workload}`],
    ...align([...verdicts, ...medians]).map((line) => `    ${line}`),
    ...target.notes.map((note) => `    * ${note}`),
  ].join("\n");
}

function estimateCells(...[estimate, unit]: Parameters<typeof formatEstimate>): readonly string[] {
  const interval = formatInterval(estimate, unit);
  const n = estimate === null ? "" : `n=${estimate.n}`;
  return [formatEstimate(estimate, unit), interval === "–" ? "" : `[${interval}] ${formatConfidence(estimate)}`, n];
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    // A title without other cells does not widen the column.
    if (row.length > 1) row.forEach((cell, column) => widths[column] = Math.max(widths[column] ?? 0, cell.length));
  }
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
}
