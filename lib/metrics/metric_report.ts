import type { DiskUsage } from "../base/mod.ts";
import type { SkippedLines } from "./journal/load_metrics.ts";
import type { MetricFamily } from "./metric_snapshot.ts";

/** The value of `schema` in `logs/metrics-*.json`. */
export const METRIC_REPORT_SCHEMA = "civitai-dl/metrics-report";

/** The content of `logs/metrics-*.json`. */
export interface MetricReport {
  /** {@linkcode METRIC_REPORT_SCHEMA}. */
  readonly schema: typeof METRIC_REPORT_SCHEMA;
  /** Version of the schema. */
  readonly version: 1;
  /** When the report was created, ISO 8601 UTC. */
  readonly time: string;
  /** Length of the window before `time`, in milliseconds. */
  readonly windowMs: number;
  /** Derived metrics by name; `null` where there is no data. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Number of events behind each derived metric; for a gauge, number of values. */
  readonly samples: Readonly<Record<string, number>>;
  /** Usage of the library's disk; `null` if it was not measured. */
  readonly disk: DiskUsage | null;
  /** Process ID and start time, joined by `-`, of each process that writes to the journal and has not ended. */
  readonly processes: readonly string[];
  /** Number of journal lines in the window. */
  readonly lines: number;
  /** Number of skipped lines by reason. */
  readonly skipped: SkippedLines;
  /** Increments of counters and histograms in the window, summed over all processes, and the newest gauges of each. */
  readonly families: readonly MetricFamily[];
  /** What could not be measured, and why. */
  readonly warnings: readonly string[];
}
