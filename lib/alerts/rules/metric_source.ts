import type { MetricReading } from "../../metrics/mod.ts";

/** The window to read, and the labels to split by. */
export interface MetricReadOptions {
  /** Length of the window, in milliseconds. */
  readonly windowMs: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly now: number;
  /** Names of labels to split by; none if absent. */
  readonly by?: readonly string[];
}

/** Source of the metrics that rules read. */
export interface MetricSource {
  /** Names of the known metrics, for error messages; `null` if any name may exist. */
  readonly names: readonly string[] | null;
  /**
   * Read a metric.
   *
   * @param metric Name of the metric
   * @param options Window, and labels to split by
   * @returns One reading for each combination of the labels in `by`, or a single one without `by`; empty if there is no
   * data
   */
  read(metric: string, options: MetricReadOptions): readonly MetricReading[];
}
