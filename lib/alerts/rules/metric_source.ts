import type { MetricReading } from "../../metrics/mod.ts";

/** The window to read. */
export interface MetricReadOptions {
  /** Length of the window, in milliseconds. */
  readonly windowMs: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly now: number;
}

/** Source of the metrics that rules read. */
export interface MetricSource {
  /**
   * Read a metric.
   *
   * @param metric Name of the metric
   * @param options The window to read
   * @returns One reading for each combination of labels that the source splits the metric by, or a single one without
   * labels; empty if there is no data
   */
  read(metric: string, options: MetricReadOptions): readonly MetricReading[];
}
