import type { MetricDefinition } from "./instruments/metric_definition.ts";

/** Labels and their values. */
export type MetricLabels = Readonly<Record<string, string>>;

/** What a counter or a gauge holds for one set of labels. */
export interface ValueSeries {
  /** Which; all labels of the definition, or `overflow` alone. */
  readonly labels: MetricLabels;
  /** A finite number. */
  readonly value: number;
}

/** What a histogram holds for one set of labels. */
export interface HistogramSeries {
  /** Name and value of each label. */
  readonly labels: MetricLabels;
  /** How many values. */
  readonly count: number;
  /** Their sum. */
  readonly sum: number;
  /** How many values by bucket, each alone; one more than there are bounds. */
  readonly buckets: readonly number[];
}

/** One of both; a histogram's has `buckets`. */
export type MetricSeries = ValueSeries | HistogramSeries;

/** An instrument with all that it holds. */
export interface MetricFamily extends MetricDefinition {
  /** By set of labels. */
  readonly series: readonly MetricSeries[];
}

/** The state of many instruments as plain JSON; counters and histograms since their start. */
export interface MetricSnapshot {
  /** In the order of their definition. */
  readonly families: readonly MetricFamily[];
}
