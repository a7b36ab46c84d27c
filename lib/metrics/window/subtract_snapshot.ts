import type { HistogramSeries, MetricFamily, MetricSeries, MetricSnapshot } from "../metric_snapshot.ts";

/**
 * Compute the increments between two snapshots of the same registry; gauges are copied. Series that did not grow are
 * omitted. So is the help, which readers take from their own definitions.
 *
 * @param now The later snapshot
 * @param before The earlier snapshot; `undefined` to count from zero
 */
export function subtractSnapshot(now: MetricSnapshot, before: MetricSnapshot | undefined): readonly MetricFamily[] {
  const earlier = new Map(before?.families.map((family) => [family.name, indexSeries(family)]));
  return now.families.flatMap((family) => {
    const known = earlier.get(family.name);
    const series = family.kind === "gauge" ? family.series : family.series.flatMap((entry) => {
      return growth(entry, known?.get(JSON.stringify(entry.labels)));
    });
    if (series.length === 0) return [];
    const { name, kind, unit, bounds } = family;
    return [{ name, kind, unit, help: "", ...bounds === undefined ? {} : { bounds }, series }];
  });
}

function indexSeries(family: MetricFamily): ReadonlyMap<string, MetricSeries> {
  return new Map(family.series.map((series) => [JSON.stringify(series.labels), series]));
}

/** The increment as a list with one series; empty if there is none. */
function growth(now: MetricSeries, before: MetricSeries | undefined): readonly MetricSeries[] {
  if (!("buckets" in now)) {
    const value = now.value - (before === undefined || "buckets" in before ? 0 : before.value);
    return value > 0 ? [{ labels: now.labels, value }] : [];
  }
  const earlier = before !== undefined && "buckets" in before ? before : undefined;
  return growthOfHistogram(now, earlier);
}

function growthOfHistogram(now: HistogramSeries, before: HistogramSeries | undefined): readonly HistogramSeries[] {
  if (before === undefined) return now.count === 0 ? [] : [now];
  const count = now.count - before.count;
  if (count <= 0) return [];
  const buckets = now.buckets.map((amount, index) => amount - (before.buckets[index] ?? 0));
  // Rounding may make the difference slightly negative, although no recorded value is.
  return [{ labels: now.labels, count, sum: Math.max(0, now.sum - before.sum), buckets }];
}
