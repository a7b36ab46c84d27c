import type { LabelMatch } from "../metric_selector.ts";
import type { MetricLabels } from "../metric_snapshot.ts";

/** Selects increments by time and labels. */
export interface WindowQuery {
  /** Length of the window before `now`, in milliseconds; at most the horizon. */
  readonly windowMs: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly now: number;
  /** Values that the labels must have; any if absent. */
  readonly match?: LabelMatch | undefined;
}

/** The increase of a group of series. */
export interface GroupIncrease {
  /** The labels that the series were grouped by, with their values. */
  readonly labels: MetricLabels;
  /** The increase of a counter; for a histogram, the sum of the recorded values. */
  readonly increase: number;
  /** Number of values that a histogram recorded; 0 for a counter. */
  readonly count: number;
  /** Number of these values in each bucket, not cumulative; empty for a counter. */
  readonly buckets: readonly number[];
}

/** A gauge's newest value in one process. */
export interface LatestGauge {
  /** The labels of the series. */
  readonly labels: MetricLabels;
  /** The newest value. */
  readonly value: number;
  /** Process ID and start time, joined by `-`; empty for a value that no process wrote. */
  readonly process: string;
  /** When the value was written, in milliseconds since the epoch. */
  readonly time: number;
}

/** Selects gauges by age and labels. */
export interface LatestOptions {
  /** The current time, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * A process that wrote nothing for this long, in milliseconds, counts as ended, and its gauges are not returned.
   *
   * @default {60000}
   */
  readonly staleMs?: number | undefined;
  /** Values that the labels must have; any if absent. */
  readonly match?: LabelMatch | undefined;
}
