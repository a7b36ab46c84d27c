import { prometheusName } from "./prometheus_name.ts";
import type { MetricReport } from "./metric_report.ts";
import type { MetricFamily, MetricSnapshot } from "./metric_snapshot.ts";

/**
 * Convert a report to gauges for a scraper. Increments in a window rise and fall, so they cannot be counters; they
 * become gauges with names that end in `recent`. Histograms are omitted, and a derived metric that sums up a gauge of
 * the same name, whose series say more. Values in MiB are converted to bytes, because
 * Prometheus expects base units and `promtool check metrics` rejects others.
 *
 * @param report The report to convert
 * @param prefix First part of the names of derived metrics, such as `civitai_dl`
 * @returns A snapshot with gauges only
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { collectMetrics, reportSnapshot } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * const report = await collectMetrics({ folder, windowMs: 60_000, definitions: [], derived: [] });
 * const snapshot = reportSnapshot({ ...report, metrics: { error_rate: 0.02, memory_mb: 64 } }, "mail");
 * assertEquals(snapshot.families.map(({ name, series }) => [name, series]), [
 *   ["mail.error_rate", [{ labels: {}, value: 0.02 }]],
 *   ["mail.memory", [{ labels: {}, value: 64 * 2 ** 20 }]],
 * ]);
 * ```
 */
export function reportSnapshot(report: MetricReport, prefix: string): MetricSnapshot {
  const families = report.families.flatMap((family) => asGauge(family, report.windowMs));
  const names = new Set(families.map((family) => prometheusName(family)));
  const derived = Object.entries(report.metrics).flatMap(([name, value]): MetricFamily[] => {
    if (value === null) return [];
    const base = inBaseUnit(name, value);
    const help = `${name} of the last ${report.windowMs / 1000} s${base.unit === "" ? "" : ", in bytes"}`;
    const series = [{ labels: {}, value: base.value }];
    const family: MetricFamily = { name: `${prefix}.${base.name}`, kind: "gauge", unit: base.unit, help, series };
    return names.has(prometheusName(family)) ? [] : [family];
  });
  return { families: [...derived, ...families] };
}

function inBaseUnit(
  name: string,
  value: number,
): { readonly name: string; readonly unit: string; readonly value: number } {
  if (!name.endsWith("_mb")) return { name, unit: "", value };
  return { name: name.slice(0, -"_mb".length), unit: "By", value: value * 2 ** 20 };
}

function asGauge(family: MetricFamily, windowMs: number): readonly MetricFamily[] {
  if (family.kind === "gauge") return [family];
  if (family.kind === "histogram") return [];
  const help = `${family.help}, in the last ${windowMs / 1000} s`;
  return [{ ...family, name: `${family.name}.recent`, kind: "gauge", help }];
}
