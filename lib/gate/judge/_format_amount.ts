import { formatDuration, formatSize } from "../../base/mod.ts";
import { formatBeside } from "./_format_beside.ts";

/**
 * Format a number of a report with its unit, as people read it: rates in percent, bytes as sizes, milliseconds as
 * durations.
 */
export function formatAmount(value: number, unit: string): string {
  if (!Number.isFinite(value)) return String(value);
  const sign = value < 0 ? "−" : "";
  switch (unit) {
    case "":
      return formatBeside(value, null);
    case "rate":
      return `${formatPercent(value * 100)} %`;
    case "ratio":
      return `${formatBeside(value, null)} times`;
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

/** With three decimals, or more if three would round to a whole number: 99.9996 % is not 100 %. */
function formatPercent(percent: number): string {
  for (let digits = 3; digits < 12; digits++) {
    const text = percent.toFixed(digits);
    if (Number(text) === percent || Number(text) !== Math.round(percent)) return String(Number(text));
  }
  return String(percent);
}
