import { formatDuration, formatSize } from "../../base/mod.ts";
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
      return `${formatPercent(value * 100)} %`;
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

/** With three decimals, or more if three would round to a whole number: 99.9996 % is not 100 %. */
function formatPercent(percent: number): string {
  for (let digits = 3; digits < 12; digits++) {
    const text = percent.toFixed(digits);
    if (Number(text) === percent || Number(text) !== Math.round(percent)) return String(Number(text));
  }
  return String(percent);
}
