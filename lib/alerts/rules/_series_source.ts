import type { MetricReading } from "../../metrics/mod.ts";
import type { MetricReadOptions, MetricSource } from "./metric_source.ts";
import { metricUnit } from "./metric_unit.ts";
import type { RuleTest, TestSeries } from "./rule_tests.ts";

/**
 * Create the metric source of a test. A ratio is the mean over the window, weighted by events; any other metric is the
 * latest value in the window. Series that have equal `by` labels are merged: ratios weighted by events, others by their
 * maximum.
 */
export function seriesSource(test: RuleTest, startMs: number): MetricSource {
  return {
    names: null,
    read(metric, options) {
      const parts = new Map<string, { labels: Record<string, string>; readings: MetricReading[] }>();
      for (const series of test.series.filter((one) => one.metric === metric)) {
        const labels = Object.fromEntries((options.by ?? []).map((name) => [name, series.labels[name] ?? ""]));
        const key = JSON.stringify(labels);
        const part = parts.get(key) ?? { labels, readings: [] };
        part.readings.push(...valuesInWindow(series, test, options, startMs));
        parts.set(key, part);
      }
      return [...parts.values()].map(({ labels, readings }) => join(metric, labels, readings));
    },
  };
}

/** List the readings of a series in the window; unless the metric is a ratio, only the latest one. */
function valuesInWindow(
  series: TestSeries,
  test: RuleTest,
  { windowMs, now }: MetricReadOptions,
  startMs: number,
): readonly MetricReading[] {
  const end = Math.floor((now - startMs) / test.intervalMs);
  const start = Math.max(0, Math.floor((now - windowMs - startMs) / test.intervalMs) + 1);
  const values = series.values.slice(start, end + 1).filter((value) => value !== null);
  const shown = metricUnit(series.metric) === "ratio" ? values : values.slice(-1);
  return shown.map((value) => ({ labels: series.labels, value, samples: series.samples }));
}

function join(metric: string, labels: Record<string, string>, readings: readonly MetricReading[]): MetricReading {
  const samples = readings.reduce((sum, one) => sum + one.samples, 0);
  if (readings.length === 0) return { labels, value: null, samples: 0 };
  if (metricUnit(metric) !== "ratio") return { labels, value: Math.max(...readings.map((one) => one.value!)), samples };
  const weighted = readings.reduce((sum, one) => sum + one.value! * one.samples, 0);
  return { labels, value: samples === 0 ? null : Number((weighted / samples).toPrecision(12)), samples };
}
