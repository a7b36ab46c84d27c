import type {
  HistogramSeries,
  LabelMatch,
  MetricFamily,
  MetricLabels,
  MetricLine,
  MetricSelector,
  ValueSeries,
} from "../../metrics/mod.ts";

/** A counter of one set of labels. */
export interface CounterTotal {
  readonly name: string;
  readonly unit: string;
  readonly labels: MetricLabels;
  value: number;
}

/** A histogram of one set of labels. */
export interface HistogramTotal {
  readonly name: string;
  readonly unit: string;
  readonly labels: MetricLabels;
  readonly bounds: readonly number[];
  readonly buckets: number[];
  count: number;
}

/** Series in memory, so that a journal with random labels cannot fill it. */
const MAX_SERIES = 10_000;

/** The sums of all journal lines of one period. */
export class PeriodTotals {
  readonly counters = new Map<string, CounterTotal>();
  readonly histograms = new Map<string, HistogramTotal>();
  /** Spans that lines cover, in milliseconds since the epoch. */
  readonly spans: (readonly [fromMs: number, untilMs: number])[] = [];
  /** Processes, and whether each wrote its last line. */
  readonly processes = new Map<string, boolean>();
  lines = 0;

  /** Add a line. */
  add(line: MetricLine): void {
    this.lines++;
    const untilMs = Date.parse(line.time);
    this.spans.push([untilMs - line.spanMs, untilMs]);
    this.processes.set(line.process, line.end || (this.processes.get(line.process) ?? false));
    for (const family of line.families) {
      for (const series of family.series) {
        const key = `${family.name} ${JSON.stringify(series.labels)}`;
        if (family.kind === "counter") this.#count(key, family, series as ValueSeries);
        else if (family.kind === "histogram") this.#gather(key, family, series as HistogramSeries);
      }
    }
  }

  /** Sum the matching series of a counter, of one host or of all. */
  sum({ name, match = {} }: MetricSelector, host: string | null): number {
    const wanted: LabelMatch = host === null ? match : { ...match, host };
    let sum = 0;
    for (const counter of this.counters.values()) {
      if (counter.name === name && fits(counter.labels, wanted)) sum += counter.value;
    }
    return sum;
  }

  #count(key: string, { name, unit }: MetricFamily, { labels, value }: ValueSeries): void {
    const known = this.counters.get(key);
    if (known !== undefined) known.value += value;
    else if (this.counters.size < MAX_SERIES) this.counters.set(key, { name, unit, labels, value });
  }

  #gather(key: string, { name, unit, bounds = [] }: MetricFamily, series: HistogramSeries): void {
    const known = this.histograms.get(key);
    if (known === undefined) {
      if (this.histograms.size >= MAX_SERIES) return;
      const { labels, count, buckets } = series;
      this.histograms.set(key, { name, unit, labels, bounds, buckets: [...buckets], count });
      return;
    }
    // Another version of the program may have other buckets, which cannot be added.
    if (known.buckets.length !== series.buckets.length) return;
    known.count += series.count;
    for (const [index, amount] of series.buckets.entries()) known.buckets[index]! += amount;
  }
}

/** Whether labels have the wanted values. */
export function fits(labels: MetricLabels, match: LabelMatch): boolean {
  return Object.entries(match).every(([label, wanted]) => {
    const value = labels[label] ?? "";
    return typeof wanted === "string" ? value === wanted : wanted.includes(value);
  });
}
