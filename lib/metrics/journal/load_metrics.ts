import type { MetricLine, SkipReason } from "./metric_line.ts";
import type { MetricWindow } from "../window/metric_window.ts";
import { readMetricLines } from "./read_metric_lines.ts";

/** Options of {@linkcode loadMetrics}. */
export interface LoadMetricsOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * How far back to read. A window that was filled before needs what came since, and a little more: lines that it
   * knows are not counted again.
   *
   * @default {as far as the window goes}
   */
  readonly sinceMs?: number | undefined;
  /** Told of each line that was new, such as to keep totals. */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
}

/** Lines that were left out, by reason; `future` are those of a clock that was wrong by more than an hour. */
export type SkippedLines = Readonly<Record<SkipReason | "future", number>>;

const FUTURE_MS = 3_600_000;

/**
 * Fill a window from a journal.
 *
 * @param window What to fill
 * @param folder Where the journal is
 * @param options How far back
 * @returns What was left out
 */
export async function loadMetrics(
  window: MetricWindow,
  folder: string,
  options: LoadMetricsOptions,
): Promise<SkippedLines> {
  const { now, sinceMs = now - window.horizonMs, onLine = () => {} } = options;
  const skipped = { broken: 0, newer: 0, long: 0, future: 0 };
  for await (const line of readMetricLines(folder, { sinceMs, onSkip: (reason) => skipped[reason]++ })) {
    // One such line would make all others look old.
    if (Date.parse(line.time) - now > FUTURE_MS) skipped.future++;
    else if (window.add(line)) onLine(line);
  }
  return skipped;
}
