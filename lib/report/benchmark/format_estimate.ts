import type { BenchmarkReport, ReportedCriterion, ReportedEstimate, ReportedTarget } from "./benchmark_report.ts";
import { formatQuantity, type QuantityUnit } from "../format_quantity.ts";

/** Format an estimate, such as `1.87 s`; a dash if it was not measured. */
export function formatEstimate(estimate: ReportedEstimate | null, unit: QuantityUnit): string {
  return estimate === null ? "–" : formatQuantity(estimate.value, unit);
}

/** Format an interval, such as `1.80 s to 1.95 s`; a dash for a single number, which has no interval. */
export function formatInterval(estimate: ReportedEstimate | null, unit: QuantityUnit): string {
  if (estimate === null || estimate.confidence === 0) return "–";
  return `${formatQuantity(estimate.low, unit)} to ${formatQuantity(estimate.high, unit)}`;
}

/** Format a confidence, such as `93.7 %`. It is rounded down, so that it is never overstated. */
export function formatConfidence(estimate: ReportedEstimate | null): string {
  return estimate === null || estimate.confidence === 0 ? "–" : `${Math.floor(estimate.confidence * 1000) / 10} %`;
}

/** Format a limit, such as `≤ 0.600×`. */
export function formatLimit({ direction, limit, unit }: ReportedCriterion): string {
  return `${direction === "at most" ? "≤" : "≥"} ${formatQuantity(limit, unit)}`;
}

/** Describe whether a criterion is met, in parentheses if its target has no verdict. */
export function describeVerdict(criterion: ReportedCriterion, target: ReportedTarget): string {
  const { isMet, isCertain } = criterion;
  if (isMet === null) return "not measured";
  const word = isMet ? "met" : "missed";
  if (target.status === "no verdict") return `(${word})`;
  return isCertain ? word : `${word}, not certain`;
}

/** Count the targets by status, such as `3 met, 1 missed`. */
export function formatTally(report: BenchmarkReport): string {
  const counts = Map.groupBy(report.targets, (target) => target.status);
  const order = ["met", "missed", "not certain", "no verdict", "not measured"] as const;
  return order.filter((status) => counts.has(status)).map((status) => `${counts.get(status)!.length} ${status}`).join(
    ", ",
  ) || "no targets";
}

/** List the facts about a benchmark as pairs of name and text. */
export function factRows(report: BenchmarkReport): readonly (readonly [name: string, text: string])[] {
  const { commit, isDirty, startedAt, endedAt, machine, versions, settings } = report;
  const formatFacts = (facts: Readonly<Record<string, unknown>>) =>
    Object.entries(facts).filter(([, fact]) => fact !== null).map(([name, fact]) => `${name} ${fact}`).join(", ");
  return [
    ["Date", `${startedAt} to ${endedAt}`],
    ["Commit", commit === null ? "unknown" : `${commit}${isDirty ? ", with changes" : ""}`],
    ["Machine", formatFacts(machine)],
    ["Settings", formatFacts(settings)],
    ["Versions", formatFacts(versions)],
  ];
}
