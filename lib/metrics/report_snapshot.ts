import { prometheusName } from "./prometheus_name.ts";
import type { MetricReport } from "./metric_report.ts";
import type { MetricFamily, MetricSnapshot } from "./metric_snapshot.ts";

/**
 * Convert the derived metrics and the gauges of a report to gauges for a scraper. A derived metric that sums up a gauge
 * of the same name is left out, because the series of the gauge say more. Values in MiB are converted to bytes, because
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
  // The increase in a window can fall, which a counter must not.
  const families = report.families.filter(({ kind }) => kind === "gauge");
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
