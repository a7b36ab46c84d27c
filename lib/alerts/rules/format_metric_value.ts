import { asIs, type Bilingual, formatSize, sayDuration } from "../../base/mod.ts";
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
  return sayMetricValue(metric, value).en;
}

/** Format a metric's value for a person, in each language. */
export function sayMetricValue(metric: string, value: number | null): Bilingual {
  if (value === null || !Number.isFinite(value)) return { en: "no data", ja: "データなし" };
  switch (metricUnit(metric)) {
    case "ratio":
      return asIs(`${round(value * 100)} %`);
    case "percent":
      return asIs(`${round(value)} %`);
    case "mb":
      return asIs(`${Math.round(value)} MiB`);
    case "bytes":
      return asIs(formatSize(value));
    case "seconds":
      return sayDuration(value * 1000);
    case "milliseconds":
      return sayDuration(value);
    case "number":
      return asIs(String(round(value)));
  }
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
