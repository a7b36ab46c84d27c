import { isRecord } from "../base/mod.ts";
import type { MetricFamily, MetricSeries } from "./metric_snapshot.ts";

/** The value of `schema` in every line. */
export const METRIC_LINE_SCHEMA = "civitai-dl/metrics";
/** Version of the lines that this program writes and reads. */
export const METRIC_LINE_VERSION = 1;
/** Size limit of a line, 8 MiB; readers skip longer ones. */
export const MAX_METRIC_LINE_BYTES = 8 * 1024 * 1024;

/** One line of the journal: what changed in one process since its last line. */
export interface MetricLine {
  /** {@linkcode METRIC_LINE_SCHEMA}. */
  readonly schema: typeof METRIC_LINE_SCHEMA;
  /** {@linkcode METRIC_LINE_VERSION}. */
  readonly version: typeof METRIC_LINE_VERSION;
  /** End of the period that the line covers, ISO 8601 UTC. */
  readonly time: string;
  /** Process ID and start time in milliseconds since the epoch, joined by `-`. */
  readonly process: string;
  /** Length of the period that the line covers, in milliseconds. */
  readonly spanMs: number;
  /** Whether this is the last line of the process. */
  readonly end: boolean;
  /** Increments of counters and histograms that grew, and all gauges; `help` is empty. */
  readonly families: readonly MetricFamily[];
}

/** Why a line was skipped: unreadable, of a newer version, or too long. */
export type SkipReason = "broken" | "newer" | "long";

/**
 * Parse one line of a journal.
 *
 * @param text The line without its line break
 * @returns The line, or the reason why it must be skipped
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseMetricLine } from "@civitai-dl/civitai-dl/metrics";
 *
 * const text = '{"schema":"civitai-dl/metrics","version":1,"time":"2026-01-01T00:00:10.000Z",' +
 *   '"process":"7-1767225600000","spanMs":10000,"end":false,"families":[]}';
 * const line = parseMetricLine(text);
 * assertEquals(typeof line === "string" ? line : line.time, "2026-01-01T00:00:10.000Z");
 * assertEquals(parseMetricLine(text.slice(0, 50)), "broken");
 * ```
 */
export function parseMetricLine(text: string): MetricLine | SkipReason {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return "broken";
    throw error;
  }
  if (!isRecord(value) || value.schema !== METRIC_LINE_SCHEMA || typeof value.version !== "number") return "broken";
  if (value.version > METRIC_LINE_VERSION) return "newer";
  const { version, time, process, spanMs, end, families } = value;
  if (version !== METRIC_LINE_VERSION || typeof time !== "string" || !Number.isFinite(Date.parse(time))) {
    return "broken";
  }
  if (typeof process !== "string" || !isAmount(spanMs) || typeof end !== "boolean") return "broken";
  if (!Array.isArray(families) || process.length > 64) return "broken";
  const parsed = families.map(parseFamily);
  if (!parsed.every((family) => family !== null)) return "broken";
  return { schema: METRIC_LINE_SCHEMA, version, time, process, spanMs, end, families: parsed };
}

function parseFamily(value: unknown): MetricFamily | null {
  if (!isRecord(value)) return null;
  const { name, kind, unit, bounds, series } = value;
  if (typeof name !== "string" || typeof unit !== "string" || !Array.isArray(series)) return null;
  if (kind === "counter" || kind === "gauge") {
    const parsed = series.map((entry) => parseValue(entry, kind === "counter" ? 0 : -Infinity));
    return parsed.every((entry) => entry !== null) ? { name, kind, unit, help: "", series: parsed } : null;
  }
  if (kind !== "histogram" || !Array.isArray(bounds) || !bounds.every(Number.isFinite)) return null;
  const parsed = series.map((entry) => parseHistogram(entry, bounds.length + 1));
  return parsed.every((entry) => entry !== null) ? { name, kind, unit, help: "", bounds, series: parsed } : null;
}

function parseValue(entry: unknown, least: number): MetricSeries | null {
  if (!isRecord(entry) || !isLabels(entry.labels)) return null;
  const { labels, value } = entry;
  return typeof value === "number" && Number.isFinite(value) && value >= least ? { labels, value } : null;
}

function parseHistogram(entry: unknown, size: number): MetricSeries | null {
  if (!isRecord(entry) || !isLabels(entry.labels) || !isAmount(entry.count) || !isAmount(entry.sum)) return null;
  const { labels, count, sum, buckets } = entry;
  return Array.isArray(buckets) && buckets.length === size && buckets.every(isAmount)
    ? { labels, count, sum, buckets }
    : null;
}

function isLabels(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((label) => typeof label === "string");
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}
