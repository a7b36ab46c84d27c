import type { MetricDefinition } from "./instruments/metric_definition.ts";

/** Values of labels by their names. */
export type MetricLabels = Readonly<Record<string, string>>;

/** The value of a counter or a gauge for one set of labels. */
export interface ValueSeries {
  /** All labels of the definition, or only the label `overflow` if the maximum number of series was exceeded. */
  readonly labels: MetricLabels;
  /** A finite number. */
  readonly value: number;
}

/** The counts of a histogram for one set of labels. */
export interface HistogramSeries {
  /** All labels of the definition, or only the label `overflow` if the maximum number of series was exceeded. */
  readonly labels: MetricLabels;
  /** Number of recorded values. */
  readonly count: number;
  /** Sum of the recorded values. */
  readonly sum: number;
  /** Number of values in each bucket, not cumulative; one more bucket than there are bounds. */
  readonly buckets: readonly number[];
}

/** A series of any instrument; only a histogram's has `buckets`. */
export type MetricSeries = ValueSeries | HistogramSeries;

/** An instrument with all its series. */
export interface MetricFamily extends MetricDefinition {
  /** One series for each set of labels. */
  readonly series: readonly MetricSeries[];
}

/** The values of several instruments as plain JSON; counters and histograms count from their creation. */
export interface MetricSnapshot {
  /** Instruments in the order of their definition. */
  readonly families: readonly MetricFamily[];
}
