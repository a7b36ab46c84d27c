import { parseDuration, parseSize, TextError } from "../../base/mod.ts";
import { type MetricUnit, metricUnit } from "./metric_unit.ts";

/** Range and valid spellings of each unit, for the error message. */
const EXAMPLES: Readonly<Record<MetricUnit, string>> = {
  ratio: "it is a share between 0 and 1: write 0.05 or 5%",
  percent: "it is in percent, 0 to 100: write 90 or 90%",
  mb: "it is in MB, 0 or more: write 2048, 2048 MB or 2 GB",
  bytes: "it is in bytes, 0 or more: write 1048576, 1 MB or 2 GB",
  seconds: "it is in seconds, 0 or more: write 30, 30s or 5m",
  milliseconds: "it is in milliseconds, 0 or more: write 250, 250ms or 2s",
  number: "it has no unit: write a plain number",
};

/** Smallest and largest value of each unit; a number without a unit has no limits. */
const RANGES: Readonly<Record<MetricUnit, readonly [min: number, max: number]>> = {
  ratio: [0, 1],
  percent: [0, 100],
  mb: [0, Infinity],
  bytes: [0, Infinity],
  seconds: [0, Infinity],
  milliseconds: [0, Infinity],
  number: [-Infinity, Infinity],
};

/**
 * Parse a limit for a metric. The metric's name determines which units are valid.
 *
 * @param metric The metric's name
 * @param written A number in the metric's own unit, or a string with or without a unit
 * @returns The limit in the metric's own unit
 * @throws {SyntaxError} If the value has a wrong unit, is not a number or is out of range; the message shows valid
 * values
 */
export function parseMetricValue(metric: string, written: number | string): number {
  const unit = metricUnit(metric);
  const value = typeof written === "number" ? written : convert(unit, written.trim());
  if (value === undefined || !Number.isFinite(value)) throw invalidValue(metric, written, unit);
  const [min, max] = RANGES[unit];
  if (value < min || value > max) throw invalidValue(metric, written, unit);
  return value;
}

function invalidValue(metric: string, written: number | string, unit: MetricUnit): TextError {
  return new TextError(`Cannot compare ${metric} with "${written}"`, EXAMPLES[unit]);
}

function convert(unit: MetricUnit, text: string): number | undefined {
  if (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const percent = /^([+-]?\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined) {
    // Digits beyond the twelfth are the binary rounding error, not what was written.
    if (unit === "ratio") return Number((Number(percent) / 100).toPrecision(12));
    return unit === "percent" ? Number(percent) : undefined;
  }
  try {
    switch (unit) {
      case "bytes":
        return parseSize(text);
      case "mb":
        return parseSize(text) / 2 ** 20;
      case "seconds":
        return parseDuration(text) / 1000;
      case "milliseconds":
        return parseDuration(text);
      default:
        return undefined;
    }
  } catch {
    // The caller's error shows valid values.
    return undefined;
  }
}
