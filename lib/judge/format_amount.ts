import { formatCount, formatDuration, formatShare, formatSize } from "../base/mod.ts";
import { formatBeside, type FormatBesideOptions } from "./format_beside.ts";
import type { Limit } from "./requirement.ts";

/** Options of {@linkcode formatAmount}. */
export interface FormatAmountOptions extends FormatBesideOptions {
  /** The limit that the number is compared with: rounding does not move it across. */
  readonly limit?: Limit | null | undefined;
}

/**
 * Format a number with its unit, as people read it: rates in percent, bytes as sizes, milliseconds as durations. A ratio
 * has at least two decimals, or as many as are given.
 */
export function formatAmount(value: number, unit: string, options: FormatAmountOptions = {}): string {
  if (!Number.isFinite(value)) return String(value);
  const { limit = null } = options;
  const sign = value < 0 ? "−" : "";
  switch (unit) {
    case "rate": {
      if (limit === null) return `${sign}${formatShare(Math.abs(value))}`;
      // A number below 0 is shown by its sign, and a limit has none.
      const shown = value < 0 ? { op: ">=", value: 0 } as const : limit;
      return `${sign}${formatBeside(Math.abs(value), { ...shown, isShare: true }, options)}`;
    }
    case "ms":
      return `${sign}${formatDuration(Math.abs(value))}`;
    case "bytes":
    case "bytes per day":
      return `${sign}${formatSize(Math.abs(value))}${unit.slice("bytes".length)}`;
    default: {
      const text = formatBeside(value, limit === null ? null : { ...limit, isShare: false }, options);
      return unit === "" ? text : `${text} ${unit === "ratio" ? "times" : unit}`;
    }
  }
}

/** Format what is required of a number: `≤ 0.2 %`, `< 2.00 GiB`; words as they are, `–` for nothing. */
export function formatLimit(requirement: Limit | string | null, unit: string): string {
  if (requirement === null) return "–";
  if (typeof requirement === "string") return requirement;
  return `${formatOperator(requirement.op)} ${formatAmount(requirement.value, unit)}`;
}

/** Replace `<=` and `>=` at the begin of a requirement by the signs that people write. */
export function formatOperator(text: string): string {
  return text.replace(/^<=/, "≤").replace(/^>=/, "≥");
}

/** Format a number of trials by what they are, such as `240 runs` or `22.4 GiB`; `n = 240` if that is not known. */
export function formatTrials(trials: number, counted: string): string {
  if (counted === "") return `n = ${trials}`;
  return counted === "bytes" ? formatSize(trials) : `${trials} ${counted}`;
}

/** Say that there are too few trials. */
export function explainFewTrials(trials: number, minCount: number, counted: string): string {
  const [has, least] = counted === ""
    ? [formatCount(trials, "trial"), String(minCount)]
    : [formatTrials(trials, counted), formatTrials(minCount, counted)];
  return `it has ${has}, at least ${least} are required`;
}
