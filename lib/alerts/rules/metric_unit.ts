/** The unit of a metric's value. */
export type MetricUnit = "ratio" | "percent" | "mb" | "bytes" | "seconds" | "milliseconds" | "number";

const SUFFIXES: readonly (readonly [suffix: RegExp, unit: MetricUnit])[] = [
  [/(^|_)(rate|ratio)$/, "ratio"],
  [/(^|_)percent$/, "percent"],
  [/(^|_)mb$/, "mb"],
  [/(^|_)bytes(_per_second)?$/, "bytes"],
  [/(^|_)seconds(_(p\d+|since_\w+))?$/, "seconds"],
  [/(^|_)(ms|milliseconds)$/, "milliseconds"],
];

/**
 * Derive a metric's unit from the end of its name: `_rate` and `_ratio`, `_percent`, `_mb` (2^20 bytes), `_bytes` and
 * `_bytes_per_second`, `_seconds` with its quantiles (`_seconds_p95`) and `seconds_since_…`, `_ms` and
 * `_milliseconds`.
 *
 * @param metric The metric's name
 * @returns Its unit; `number` for any other ending
 */
export function metricUnit(metric: string): MetricUnit {
  return SUFFIXES.find(([suffix]) => suffix.test(metric))?.[1] ?? "number";
}
