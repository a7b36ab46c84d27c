import type { ReportedCriterion, ReportedEstimate } from "./benchmark_report.ts";
import { formatQuantity, type QuantityUnit } from "./format_quantity.ts";

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
