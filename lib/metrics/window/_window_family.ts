import { type Gain, gather, WindowSeries } from "./_window_series.ts";
import { type LabelMatch, matchesLabels } from "../metric_selector.ts";
import type { MetricFamily, MetricSeries } from "../metric_snapshot.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";

/** The period `after < time <= until`, and the labels that series must have. */
export interface Period {
  readonly after: number;
  readonly until: number;
  readonly match: LabelMatch | undefined;
}

/** The increments of one counter or histogram over time, summed over all processes. */
export class WindowFamily {
  readonly definition: MetricDefinition;
  readonly #sketch: string;
  readonly #series = new Map<string, WindowSeries>();

  constructor(family: MetricFamily) {
    const { series: _, ...definition } = family;
    this.definition = definition;
    this.#sketch = sketch(family);
  }

  /** Whether a family can be added to this one. It may have different buckets in another version of the program. */
  fits(family: MetricFamily): boolean {
    return sketch(family) === this.#sketch;
  }

  add(time: number, series: MetricSeries, newest: number): void {
    const key = JSON.stringify(series.labels);
    const own = this.#series.get(key) ?? new WindowSeries(series.labels);
    this.#series.set(key, own);
    own.add(time, toGain(series), newest);
  }

  dropOld(newest: number, horizonMs: number): void {
    for (const [key, series] of this.#series) {
      series.dropOld(newest, horizonMs);
      if (series.isEmpty) this.#series.delete(key);
    }
  }

  /** The increments of the matching series in a period. */
  gains(period: Period): readonly { readonly labels: WindowSeries["labels"]; readonly gain: Gain }[] {
    return Array.from(this.#series.values())
      .filter((series) => matchesLabels(series.labels, period.match))
      .map((series) => ({ labels: series.labels, gain: series.between(period.after, period.until) }));
  }
}

/** Sum gains. */
export function sumGains(gains: Iterable<Gain>): Gain {
  const total = { sum: 0, count: 0, buckets: [] as number[] };
  for (const gain of gains) gather(total, gain);
  return total;
}

function sketch({ kind, bounds = [] }: MetricFamily): string {
  return JSON.stringify([kind, bounds]);
}

function toGain(series: MetricSeries): Gain {
  return "buckets" in series
    ? { sum: series.sum, count: series.count, buckets: series.buckets }
    : { sum: series.value, count: 0, buckets: [] };
}
