import { type Clock, systemClock } from "../../base/mod.ts";
import { JournalMetrics, type JournalMetricsOptions, type RefreshOptions } from "./journal_metrics.ts";
import type { MetricReport } from "../metric_report.ts";

/** Options of {@linkcode collectMetrics}. */
export interface CollectMetricsOptions extends Omit<JournalMetricsOptions, "onLine">, RefreshOptions {
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Read a journal, measure a disk if requested, and build a report.
 *
 * @param options Folder, window, metrics and disk
 * @returns The report
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { collectMetrics, MetricJournal, MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * const sent = { name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" } as const;
 * const registry = new MetricRegistry();
 * registry.counter(sent).add(3);
 * await using journal = new MetricJournal(folder, registry);
 * await journal.flush();
 *
 * const rate = { name: "mail_rate", kind: "rate", of: { name: "mail.sent" } } as const;
 * const report = await collectMetrics({ folder, windowMs: 60_000, definitions: [sent], derived: [rate] });
 * assertEquals(report.metrics, { mail_rate: 0.05 });
 * ```
 */
export async function collectMetrics(options: CollectMetricsOptions): Promise<MetricReport> {
  const { windowMs, clock = systemClock } = options;
  const now = clock.now();
  const metrics = new JournalMetrics(options);
  await metrics.refresh(now, options);
  return metrics.report({ windowMs, now });
}
