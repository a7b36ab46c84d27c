import { formatDuration, formatShare, formatSize } from "../../base/mod.ts";
import type { Claim } from "../evidence/claim.ts";
import { formatBeside, type FormatBesideOptions } from "./_format_beside.ts";

/**
 * Format a number of a report with its unit, as people read it: rates in percent, bytes as sizes, milliseconds as
 * durations. A ratio has at least two decimals, or as many as are given.
 */
export function formatAmount(value: number, unit: string, options: FormatBesideOptions = {}): string {
  if (!Number.isFinite(value)) return String(value);
  const sign = value < 0 ? "−" : "";
  switch (unit) {
    case "":
      return formatBeside(value, null);
    case "rate":
      return formatShare(value);
    case "ratio":
      return `${formatBeside(value, null, options)} times`;
    case "ms":
      return `${sign}${formatDuration(Math.abs(value))}`;
    case "bytes":
    case "bytes per hour":
    case "bytes per day":
      return `${sign}${formatSize(Math.abs(value))}${unit.slice("bytes".length)}`;
    default:
      return `${formatBeside(value, null)} ${unit}`;
  }
}

/** Format what a report requires of a claim: `≤ 0.2 %`, `< 2.00 GiB`; `the report's verdict` if it does not say so. */
export function formatLimit({ requirement, unit }: Pick<Claim, "requirement" | "unit">): string {
  if (requirement === null) return "the report's verdict";
  if (typeof requirement === "string") return requirement;
  return `${formatOperator(requirement.op)} ${formatAmount(requirement.value, unit)}`;
}

/** Replace `<=` and `>=` at the begin of a requirement by the signs that people write. */
export function formatOperator(text: string): string {
  return text.replace(/^<=/, "≤").replace(/^>=/, "≥");
}
