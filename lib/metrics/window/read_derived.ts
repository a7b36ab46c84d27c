import { LabelGroups } from "../_group_labels.ts";
import { bucketQuantile } from "./bucket_quantile.ts";
import type { DerivedMetric, MetricReading } from "./derived_metric.ts";
import type { MetricSelector } from "../metric_selector.ts";
import type { MetricWindow } from "./metric_window.ts";
import type { GroupIncrease } from "./window_query.ts";

/** Options of {@linkcode readDerived}. */
export interface ReadDerivedOptions {
  /** Length of the window before `now`, in milliseconds. */
  readonly windowMs: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * Labels to split by.
   *
   * @default {none: one value for all series}
   */
  readonly by?: readonly string[] | undefined;
}

type Query = ReadDerivedOptions & { readonly by: readonly string[] };
type Of<Kind extends DerivedMetric["kind"]> = Extract<DerivedMetric, { readonly kind: Kind }>;

const NO_DATA: MetricReading = { labels: {}, value: null, samples: 0 };

/**
 * Compute a derived metric.
 *
 * @param window The window to read
 * @param derived The metric to compute
 * @param options Length and end of the window, labels to split by
 * @returns Exactly one reading if there are no labels to split by; otherwise one for each group of series
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { type DerivedMetric, MetricWindow, readDerived } from "@civitai-dl/civitai-dl/metrics";
 *
 * const now = Date.UTC(2026, 0, 1);
 * const window = new MetricWindow();
 * const used = { name: "disk.used", kind: "gauge", unit: "1", help: "Used share of the disk" } as const;
 * window.setGauge(used, [{ labels: {}, value: 0.5 }], now);
 *
 * const usage: DerivedMetric = { name: "disk_usage", kind: "gauge", of: { name: "disk.used" }, aggregate: "max" };
 * assertEquals(readDerived(window, usage, { windowMs: 60_000, now }), [{ labels: {}, value: 0.5, samples: 1 }]);
 * ```
 */
export function readDerived(
  window: MetricWindow,
  derived: DerivedMetric,
  options: ReadDerivedOptions,
): readonly MetricReading[] {
  const query: Query = { ...options, by: options.by ?? [] };
  const readings = readAny(window, derived, query);
  return readings.length === 0 && query.by.length === 0 ? [NO_DATA] : readings;
}

function readAny(window: MetricWindow, derived: DerivedMetric, query: Query): readonly MetricReading[] {
  switch (derived.kind) {
    case "ratio":
      return readRatio(window, derived, query);
    case "rate":
      return readRate(window, derived, query);
    case "gauge":
      return readGauge(window, derived, query);
    case "quantile":
      return readQuantile(window, derived, query);
  }
}

function increasesOf(window: MetricWindow, of: MetricSelector, query: Query): readonly GroupIncrease[] {
  return window.increasesBy(of.name, { ...query, match: of.match });
}

function readRatio(window: MetricWindow, derived: Of<"ratio">, query: Query): readonly MetricReading[] {
  const parts = new Map(increasesOf(window, derived.of, query).map((group) => [JSON.stringify(group.labels), group]));
  return increasesOf(window, derived.over, query).map(({ labels, increase }) => {
    const part = parts.get(JSON.stringify(labels))?.increase ?? 0;
    return { labels, value: increase > 0 ? part / increase : null, samples: increase };
  });
}

/** If the window contains no line, no process was recording. Then there is no rate, instead of a rate of 0. */
function readRate(window: MetricWindow, derived: Of<"rate">, query: Query): readonly MetricReading[] {
  if (window.countLines(query) === 0) return [];
  const groups = increasesOf(window, derived.of, query);
  const seconds = query.windowMs / 1000;
  if (groups.length === 0 && query.by.length === 0) return [{ labels: {}, value: 0, samples: 0 }];
  return groups.map(({ labels, increase }) => ({ labels, value: increase / seconds, samples: increase }));
}

const AGGREGATES: Readonly<Record<Of<"gauge">["aggregate"], (values: readonly number[]) => number>> = {
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
};

function readGauge(window: MetricWindow, derived: Of<"gauge">, query: Query): readonly MetricReading[] {
  const { of, scale = 1, aggregate } = derived;
  const groups = new LabelGroups<number>(query.by);
  for (const { labels, value } of window.latest(of.name, { ...query, match: of.match })) groups.add(labels, value);
  return groups.groups.map(({ labels, items }) => ({
    labels,
    value: AGGREGATES[aggregate](items) * scale,
    samples: items.length,
  }));
}

function readQuantile(window: MetricWindow, derived: Of<"quantile">, query: Query): readonly MetricReading[] {
  const bounds = window.boundsOf(derived.of.name);
  return increasesOf(window, derived.of, query).map(({ labels, count, buckets }) => ({
    labels,
    value: bucketQuantile(bounds, buckets, derived.q),
    samples: count,
  }));
}
