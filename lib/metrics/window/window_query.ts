import type { LabelMatch } from "../metric_selector.ts";
import type { MetricLabels } from "../metric_snapshot.ts";

/** Which increments. */
export interface WindowQuery {
  /** How far back from `now`; at most the horizon. */
  readonly windowMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What labels must be. */
  readonly match?: LabelMatch | undefined;
}

/** What a group of series gained. */
export interface GroupIncrease {
  /** The labels that were grouped by. */
  readonly labels: MetricLabels;
  /** By how much a counter grew; for a histogram, the sum of the values. */
  readonly increase: number;
  /** How many values a histogram took. */
  readonly count: number;
  /** Those values by bucket. */
  readonly buckets: readonly number[];
}

/** A gauge's newest value in one process. */
export interface LatestGauge {
  /** Which series. */
  readonly labels: MetricLabels;
  /** What it was. */
  readonly value: number;
  /** Whose; empty for a measurement that no process wrote. */
  readonly process: string;
  /** When, in milliseconds since the epoch. */
  readonly time: number;
}

/** Which gauges. */
export interface LatestOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * A process that wrote nothing for so long counts as gone; so does what it said.
   *
   * @default {60000}
   */
  readonly staleMs?: number | undefined;
  /** What the labels must be. */
  readonly match?: LabelMatch | undefined;
}
