import { type Clock, type DiskUsage, diskUsage, systemClock } from "../../base/mod.ts";
import type { DerivedMetric } from "../window/derived_metric.ts";
import { loadMetrics } from "./load_metrics.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";
import type { MeasuredGauge } from "../measured_gauge.ts";
import { METRIC_REPORT_SCHEMA, type MetricReport } from "../metric_report.ts";
import { MetricWindow } from "../window/metric_window.ts";
import { readDerived } from "../window/read_derived.ts";
import { withHelp } from "../with_help.ts";

/** The disk to measure while collecting. */
export interface CollectedDisk {
  /** A file or folder on the disk. */
  readonly path: string;
  /** The gauge that receives the used fraction of the disk, from 0 to 1. */
  readonly gauge: MetricDefinition;
  /**
   * Measures the disk; tests pass a stub.
   *
   * @default {diskUsage}
   */
  readonly measure?: ((path: string) => Promise<DiskUsage>) | undefined;
}

/** Options of {@linkcode collectMetrics}. */
export interface CollectMetricsOptions {
  /** The folder of the journal. */
  readonly folder: string;
  /** Length of the window before now, in milliseconds. */
  readonly windowMs: number;
  /** Definitions of the instruments, which supply their help. */
  readonly definitions: readonly MetricDefinition[];
  /** The derived metrics to compute. */
  readonly derived: readonly DerivedMetric[];
  /**
   * The disk to measure.
   *
   * @default {none}
   */
  readonly disk?: CollectedDisk | undefined;
  /**
   * Other gauges that the caller has measured.
   *
   * @default {none}
   */
  readonly gauges?: readonly MeasuredGauge[] | undefined;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
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
  const { folder, windowMs, definitions, derived, disk, gauges = [], clock = systemClock, signal } = options;
  const now = clock.now();
  const window = new MetricWindow({ horizonMs: windowMs + HORIZON_MARGIN_MS });
  const sinceMs = now - Math.max(windowMs, HORIZON_MARGIN_MS);
  const skipped = await loadMetrics(window, folder, { now, sinceMs, signal });
  const measured = disk === undefined ? NOT_MEASURED : await measureDisk(disk);
  if (disk !== undefined && measured.usage !== null) {
    window.setGauge(disk.gauge, [{ labels: {}, value: measured.usage.usedPercent / 100 }], now);
  }
  for (const { definition, series } of gauges) window.setGauge(definition, series, now);
  const query = { windowMs, now };
  const readings = derived.map((metric) => [metric.name, readDerived(window, metric, query)[0]!] as const);
  return {
    schema: METRIC_REPORT_SCHEMA,
    version: 1,
    time: new Date(now).toISOString(),
    windowMs,
    metrics: Object.fromEntries(readings.map(([name, reading]) => [name, reading.value])),
    samples: Object.fromEntries(readings.map(([name, reading]) => [name, reading.samples])),
    disk: measured.usage,
    processes: window.aliveProcesses(query),
    lines: window.countLines(query),
    skipped,
    families: withHelp(window.families(query), definitions),
    warnings: measured.warnings,
  };
}

/**
 * Minimum length of the period to read, and margin of the window's horizon, in milliseconds: the gauges of a running
 * process may be a little older than a short window.
 */
const HORIZON_MARGIN_MS = 120_000;

interface Measured {
  readonly usage: DiskUsage | null;
  readonly warnings: readonly string[];
}

const NOT_MEASURED: Measured = { usage: null, warnings: [] };

async function measureDisk({ path, measure = diskUsage }: CollectedDisk): Promise<Measured> {
  try {
    return { usage: await measure(path), warnings: [] };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { usage: null, warnings: [`Cannot measure the disk of "${path}": ${error.message}`] };
  }
}
