import type { DiskUsage } from "../base/mod.ts";
import type { SkippedLines } from "./journal/load_metrics.ts";
import type { MetricFamily } from "./metric_snapshot.ts";

/** The schema of `logs/metrics-*.json`. */
export const METRIC_REPORT_SCHEMA = "civitai-dl/metrics-report";

/** What `logs/metrics-*.json` holds. */
export interface MetricReport {
  /** {@linkcode METRIC_REPORT_SCHEMA}. */
  readonly schema: typeof METRIC_REPORT_SCHEMA;
  /** Of the schema. */
  readonly version: 1;
  /** When, ISO 8601 UTC. */
  readonly time: string;
  /** How far back it looks. */
  readonly windowMs: number;
  /** Derived metrics by name; `null` where there is no data. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** How many events are behind each of them; for a gauge, how many values. */
  readonly samples: Readonly<Record<string, number>>;
  /** The disk of the library; `null` if it cannot be measured. */
  readonly disk: DiskUsage | null;
  /** Processes that write and have not ended. */
  readonly processes: readonly string[];
  /** Lines of the journal in the window. */
  readonly lines: number;
  /** Lines that were left out. */
  readonly skipped: SkippedLines;
  /** What counters and histograms gained in the window, of all processes, and the newest gauges of each. */
  readonly families: readonly MetricFamily[];
  /** What could not be measured, and why. */
  readonly warnings: readonly string[];
}
