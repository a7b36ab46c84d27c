import { formatDuration, formatSize } from "../../base/mod.ts";
import { metricUnit } from "./metric_unit.ts";

/**
 * Format a metric's value for a person, in the metric's unit.
 *
 * @param metric The metric's name, which determines the unit
 * @param value The value in the metric's own unit; `null` means no data
 * @returns Text such as `6.25 %`, `2100 MiB`, `5m`, `no data`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatMetricValue } from "@civitai-dl/civitai-dl/alerts";
 *
 * assertEquals(formatMetricValue("error_rate", 0.0625), "6.25 %");
 * assertEquals(formatMetricValue("memory_usage_mb", 2100), "2100 MiB");
 * assertEquals(formatMetricValue("latency_seconds", 300), "5m");
 * assertEquals(formatMetricValue("latency_seconds", null), "no data");
 * ```
 */
export function formatMetricValue(metric: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "no data";
  switch (metricUnit(metric)) {
    case "ratio":
      return `${round(value * 100)} %`;
    case "percent":
      return `${round(value)} %`;
    case "mb":
      return `${Math.round(value)} MiB`;
    case "bytes":
      return formatSize(value);
    case "seconds":
      return formatDuration(value * 1000);
    case "milliseconds":
      return formatDuration(value);
    case "number":
      return String(round(value));
  }
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
