import {
  describeVerdict,
  factRows,
  formatConfidence,
  formatEstimate,
  formatInterval,
  formatLimit,
  formatTally,
} from "./format_estimate.ts";
import type { BenchmarkReport, ReportedChart, ReportedTarget } from "./benchmark_report.ts";
import { escapeMarkdown } from "../_escape_markdown.ts";
import { formatQuantity } from "../format_quantity.ts";

/**
 * Render a benchmark as Markdown: a table of verdicts, a section for each target, and a table of facts.
 *
 * @param report The benchmark
 * @returns Markdown that ends with a line break
 */
export function renderBenchmarkMarkdown(report: BenchmarkReport): string {
  const { title, reservation, targets } = report;
  const verdicts = table(
    ["", "Target", "Limit", "Measured", "Interval", "Confidence", "n", "Verdict"],
    targets.flatMap((target) =>
      target.criteria.map((criterion) => [
        ...[target.id, criterion.what, formatLimit(criterion), formatEstimate(criterion.estimate, criterion.unit)],
        ...[formatInterval(criterion.estimate, criterion.unit), formatConfidence(criterion.estimate)],
        ...[String(criterion.estimate?.n ?? 0), describeVerdict(criterion, target)],
      ])
    ),
  );
  const facts = table(["Fact", ""], factRows(report));
  return [
    `# ${escapeMarkdown(title)}`,
    `${formatTally(report)}.`,
    ...reservation === null ? [] : [`**No verdict:** ${escapeMarkdown(reservation)}.`],
    verdicts,
    ...targets.map(section),
    "## Environment",
    facts,
  ].join("\n\n") + "\n";
}

function section(target: ReportedTarget): string {
  return [
    `## ${escapeMarkdown(`${target.id}: ${target.title} (${target.label ?? target.status})`)}`,
    escapeMarkdown(target.workload),
    ...target.charts.map(chartTable),
    ...target.notes.length === 0 ? [] : [target.notes.map((note) => `- ${escapeMarkdown(note)}`).join("\n")],
  ].join("\n\n");
}

function chartTable({ title, unit, series }: ReportedChart): string {
  return table(
    [title, "Median", "Interval", "Confidence", "n", "Runs"],
    series.map((row) => [
      ...[row.name, formatEstimate(row.median, unit), formatInterval(row.median, unit), formatConfidence(row.median)],
      ...[
        String(row.values.length),
        row.problem ?? row.values.map((value) => formatQuantity(value, unit)).join(", "),
      ],
    ]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
