import type { MetricReading } from "../../metrics/mod.ts";

/** What to read of a metric. */
export interface MetricReadOptions {
  /** How far back. */
  readonly windowMs: number;
  /** The end of the window, milliseconds since the epoch. */
  readonly now: number;
  /** Label names to split by. */
  readonly by?: readonly string[];
}

/** Where the rules' metrics come from. */
export interface MetricSource {
  /** Known names, for errors; `null` where any name may exist. */
  readonly names: readonly string[] | null;
  /**
   * Read a metric.
   *
   * @param metric Its name
   * @param options Window and split
   * @returns A reading for each combination of the labels in `by`; without `by` one, and none where there is no data
   */
  read(metric: string, options: MetricReadOptions): readonly MetricReading[];
}
