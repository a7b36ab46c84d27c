import type { MetricLabels } from "../../metrics/mod.ts";
import type { BinnedCounts } from "../time_bins.ts";

/** The value of `schema` in a {@linkcode MetricAnalysis}. */
export const METRIC_ANALYSIS_SCHEMA = "civitai-dl/metric-analysis";

/** Comparison of a figure with the period before. */
export interface MetricChange {
  /** `too few data` if one of the periods has too few values to tell; nothing is concluded then. */
  readonly verdict: "changed" | "same" | "too few data";
  /** p-value of the test, adjusted for the number of tests (Holm); `null` without a test. */
  readonly pValue: number | null;
}

/** A share of events in a period. */
export interface MeasuredRate {
  /** Number of events. */
  readonly events: number;
  /** Number of trials. */
  readonly trials: number;
  /** The rate; `null` without trials. */
  readonly rate: number | null;
  /** Lower end of the exact 95 % interval; `null` without trials. */
  readonly low: number | null;
  /** Upper end of the exact 95 % interval; `null` without trials. */
  readonly high: number | null;
}

/** A rate of all hosts or of one. */
export interface RateFinding extends MeasuredRate {
  /** Name of the rate, such as `error_rate`. */
  readonly name: string;
  /** The host; `null` for all together. */
  readonly host: string | null;
  /** The same in the period before. */
  readonly before: MeasuredRate;
  /** Whether it changed. */
  readonly change: MetricChange;
}

/** Quantiles of a histogram in a period, in its unit. */
export interface MeasuredTimes {
  /** Number of values. */
  readonly count: number;
  /** Median; `null` without values. */
  readonly p50: number | null;
  /** Quantile of 95 %. */
  readonly p95: number | null;
  /** Quantile of 99 %. */
  readonly p99: number | null;
}

/** A histogram of one set of labels. */
export interface TimesFinding extends MeasuredTimes {
  /** Name of the metric. */
  readonly name: string;
  /** Unit of the values. */
  readonly unit: string;
  /** Its labels. */
  readonly labels: MetricLabels;
  /** The same in the period before. */
  readonly before: MeasuredTimes;
  /** Whether it changed. */
  readonly change: MetricChange;
}

/** The increase of a counter of one set of labels. */
export interface CountFinding {
  /** Name of the metric. */
  readonly name: string;
  /** Unit of the values. */
  readonly unit: string;
  /** Its labels. */
  readonly labels: MetricLabels;
  /** Increase in the period. */
  readonly value: number;
  /** Increase in the period before. */
  readonly before: number;
}

/** The metrics of a period, compared with the period of the same length before it. */
export interface MetricAnalysis {
  /** {@linkcode METRIC_ANALYSIS_SCHEMA}. */
  readonly schema: typeof METRIC_ANALYSIS_SCHEMA;
  /** Version of the document. */
  readonly version: 1;
  /** When it was made, ISO 8601 UTC. */
  readonly time: string;
  /** Start of the period, ISO 8601 UTC. */
  readonly from: string;
  /** End of the period. */
  readonly until: string;
  /** Number of lines in the period. */
  readonly lines: number;
  /** Number of lines in the period before. */
  readonly linesBefore: number;
  /** Number of processes that wrote them. */
  readonly processes: number;
  /** Processes that wrote no last line: they still run, or were killed. */
  readonly openEnds: number;
  /** Times of a minute or more in the period in which no process wrote metrics. */
  readonly gaps: readonly { readonly from: string; readonly until: string }[];
  /** Lines that could not be read. */
  readonly skipped: { readonly broken: number; readonly newer: number; readonly long: number };
  /** Whether lines could not be read and no line of any time could: the file is no journal of this program. */
  readonly isForeign: boolean;
  /** Shares, of all hosts together first. */
  readonly rates: readonly RateFinding[];
  /** Received bytes per second over the whole period, and whether the rate of the minutes changed. */
  readonly throughput: {
    readonly bytesPerSecond: number;
    readonly before: number;
    readonly change: MetricChange;
  };
  /** Durations. */
  readonly times: readonly TimesFinding[];
  /** Increases of the counters, largest first within each metric. */
  readonly counts: readonly CountFinding[];
  /** For charts: bytes, attempted downloads and events of each rate over time. */
  readonly series: readonly { readonly name: string; readonly bins: BinnedCounts | null }[];
}
