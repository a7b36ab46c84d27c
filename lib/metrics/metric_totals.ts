import type { MetricDefinition } from "./instruments/metric_definition.ts";
import type { MetricLine } from "./metric_line.ts";
import type { MetricFamily, MetricSeries } from "./metric_snapshot.ts";

interface RunningTotal {
  readonly definition: MetricDefinition;
  readonly series: Map<string, MetricSeries>;
}

/**
 * Sums the lines of all processes into counters that only grow, as a scraper expects. Add each line only once: a
 * repeated line is not detected.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricTotals } from "@civitai-dl/civitai-dl/metrics";
 *
 * const totals = new MetricTotals();
 * const sent = { name: "mail.sent", kind: "counter", unit: "{mail}", help: "" } as const;
 * totals.add({ families: [{ ...sent, series: [{ labels: {}, value: 2 }] }] });
 * totals.add({ families: [{ ...sent, series: [{ labels: {}, value: 3 }] }] });
 * assertEquals(totals.families(), [{ ...sent, series: [{ labels: {}, value: 5 }] }]);
 * ```
 */
export class MetricTotals {
  readonly #totals = new Map<string, RunningTotal>();

  /** Add the increments of a line. */
  add(line: Pick<MetricLine, "families">): void {
    for (const family of line.families) {
      if (family.kind === "gauge") continue;
      const { series, ...definition } = family;
      const total = this.#totals.get(family.name) ?? { definition, series: new Map() };
      this.#totals.set(family.name, total);
      if (JSON.stringify(total.definition.bounds) !== JSON.stringify(definition.bounds)) continue;
      for (const one of series) {
        const key = JSON.stringify(one.labels);
        const before = total.series.get(key);
        total.series.set(key, before === undefined ? one : sum(before, one));
      }
    }
  }

  /** The totals of counters and histograms since this object was created. */
  families(): readonly MetricFamily[] {
    return Array.from(this.#totals.values(), ({ definition, series }) => {
      return { ...definition, series: [...series.values()] };
    });
  }
}

function sum(before: MetricSeries, gain: MetricSeries): MetricSeries {
  if (!("buckets" in before) || !("buckets" in gain)) {
    return "value" in before && "value" in gain ? { ...before, value: before.value + gain.value } : before;
  }
  return {
    labels: before.labels,
    count: before.count + gain.count,
    sum: before.sum + gain.sum,
    buckets: before.buckets.map((amount, index) => amount + (gain.buckets[index] ?? 0)),
  };
}
