import type { MetricPeriod, MetricReading } from "../../metrics/mod.ts";

/** Source of the metrics that rules read. */
export interface MetricSource {
  /**
   * Read a metric.
   *
   * @param metric Name of the metric
   * @param period The window to read, and its end
   * @returns One reading for each combination of labels that the source splits the metric by, or a single one without
   * labels; empty if there is no data
   */
  read(metric: string, period: MetricPeriod): readonly MetricReading[];
}
