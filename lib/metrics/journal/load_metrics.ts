import type { MetricLine, SkipReason } from "../metric_line.ts";
import type { MetricWindow } from "../window/metric_window.ts";
import { readMetricLines } from "./read_metric_lines.ts";

/** Options of {@linkcode loadMetrics}. */
export interface LoadMetricsOptions {
  /** The current time, in milliseconds since the epoch. */
  readonly now: number;
  /**
   * Start of the period to read, in milliseconds since the epoch. A window that was filled before needs only the lines
   * since then, with a small overlap. Lines that it already contains are not counted again.
   *
   * @default {`now` minus the window's horizon}
   */
  readonly sinceMs?: number | undefined;
  /** Called with each line that is new to the window, for example to keep totals. */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Number of skipped lines by reason; `future` are lines more than an hour ahead of `now`, from a wrong clock. */
export type SkippedLines = Readonly<Record<SkipReason | "future", number>>;

const FUTURE_MS = 3_600_000;

/**
 * Fill a window from a journal.
 *
 * @param window The window to fill
 * @param folder The folder of the journal
 * @param options The period to read, the current time, and an observer
 * @returns Number of skipped lines by reason
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadMetrics, MetricJournal, MetricRegistry, MetricWindow } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * const registry = new MetricRegistry();
 * registry.counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "" }).add(3);
 * await using journal = new MetricJournal(folder, registry);
 * await journal.flush();
 *
 * const window = new MetricWindow();
 * const now = Date.now();
 * await loadMetrics(window, folder, { now });
 * assertEquals(window.increasesBy("mail.sent", { windowMs: 60_000, now, by: [] })[0]?.increase, 3);
 * ```
 */
export async function loadMetrics(
  window: MetricWindow,
  folder: string,
  options: LoadMetricsOptions,
): Promise<SkippedLines> {
  const { now, sinceMs = now - window.horizonMs, onLine = () => {}, signal } = options;
  const skipped = { broken: 0, newer: 0, long: 0, future: 0 };
  const onSkip = (reason: SkipReason): void => void skipped[reason]++;
  for await (const line of readMetricLines(folder, { sinceMs, onSkip, signal })) {
    // A single such line would make all others appear too old.
    if (Date.parse(line.time) - now > FUTURE_MS) skipped.future++;
    else if (window.add(line)) onLine(line);
  }
  return skipped;
}
