import { asIs, type Bilingual, formatSize, sayDuration } from "../../base/mod.ts";
import { metricUnit } from "./metric_unit.ts";

/** Format a metric's value for a person in its unit, such as `6.25 %` or `2100 MiB`; `null` means no data. */
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
