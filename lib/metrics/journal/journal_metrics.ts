import { type DiskUsage, diskUsage } from "../../base/mod.ts";
import type { DerivedMetric, MetricReading } from "../window/derived_metric.ts";
import { loadMetrics, type SkippedLines } from "./load_metrics.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";
import type { MeasuredGauge } from "../measured_gauge.ts";
import type { MetricLine } from "../metric_line.ts";
import { METRIC_REPORT_SCHEMA, type MetricReport } from "../metric_report.ts";
import { MetricWindow } from "../window/metric_window.ts";
import { readDerived } from "../window/read_derived.ts";
import { withHelp } from "../with_help.ts";

/** The disk to measure with the metrics. */
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

/** Options of {@linkcode JournalMetrics}. */
export interface JournalMetricsOptions {
  /** The folder of the journal. */
  readonly folder: string;
  /** The longest period before now that is read, in milliseconds. */
  readonly windowMs: number;
  /** Definitions of the instruments, which supply their help. */
  readonly definitions: readonly MetricDefinition[];
  /** The derived metrics that can be read. */
  readonly derived: readonly DerivedMetric[];
  /**
   * Called with each line of the journal that was written after the first refresh.
   *
   * @default {nothing}
   */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
}

/** What a refresh adds to the journal. */
export interface RefreshOptions {
  /**
   * The disk to measure.
   *
   * @default {none}
   */
  readonly disk?: CollectedDisk | undefined;
  /**
   * Gauges that the caller has measured.
   *
   * @default {none}
   */
  readonly gauges?: readonly MeasuredGauge[] | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** A period that ends at a moment. */
export interface MetricPeriod {
  /** Length in milliseconds. */
  readonly windowMs: number;
  /** The moment, in milliseconds since the epoch. */
  readonly now: number;
}

/** Minimum length of the period to read: the gauges of a running process may be a little older than a short window. */
const MARGIN_MS = 120_000;

/**
 * The metrics that other processes write to a journal, and gauges that the reader measures: refreshed again and again,
 * and read as values of rules or as a report.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { JournalMetrics } from "@civitai-dl/civitai-dl/metrics";
 *
 * const gauge = { name: "disk.used", kind: "gauge", unit: "1", help: "Used share of the disk" } as const;
 * const folder = await Deno.makeTempDir();
 * const metrics = new JournalMetrics({
 *   folder,
 *   windowMs: 60_000,
 *   definitions: [gauge],
 *   derived: [{ name: "disk_usage_percent", kind: "gauge", of: { name: "disk.used" }, scale: 100, aggregate: "max" }],
 * });
 * const now = Date.now();
 * await metrics.refresh(now, { disk: { path: folder, gauge } });
 * assertEquals(metrics.read("disk_usage_percent", { windowMs: 60_000, now })[0]?.samples, 1);
 * assertEquals(metrics.report({ windowMs: 60_000, now }).lines, 0);
 * ```
 */
export class JournalMetrics {
  readonly #options: JournalMetricsOptions;
  readonly #window: MetricWindow;
  #readUntil: number | undefined;
  #skipped: SkippedLines = { broken: 0, newer: 0, long: 0, future: 0 };
  #disk: { readonly usage: DiskUsage | null; readonly warnings: readonly string[] } = { usage: null, warnings: [] };

  /** Open the metrics; nothing is read before the first refresh. */
  constructor(options: JournalMetricsOptions) {
    this.#options = options;
    this.#window = new MetricWindow({ horizonMs: options.windowMs + MARGIN_MS });
  }

  /** Why the disk could not be measured at the last refresh; empty if it could. */
  get warnings(): readonly string[] {
    return this.#disk.warnings;
  }

  /** Read what the journal has since the last refresh, and measure. */
  async refresh(now: number, { disk, gauges = [], signal }: RefreshOptions = {}): Promise<void> {
    const { folder, windowMs, onLine } = this.#options;
    // Each process writes a line every ten seconds, so the lines are not sorted by time.
    const since = this.#readUntil === undefined
      ? { sinceMs: now - Math.max(windowMs, MARGIN_MS) }
      : { sinceMs: this.#readUntil - MARGIN_MS, onLine };
    this.#skipped = await loadMetrics(this.#window, folder, { now, ...since, signal });
    this.#readUntil = now;
    this.#disk = disk === undefined ? { usage: null, warnings: [] } : await measureDisk(disk);
    const { usage } = this.#disk;
    if (disk !== undefined && usage !== null) {
      this.#window.setGauge(disk.gauge, [{ labels: {}, value: usage.usedPercent / 100 }], now);
    }
    for (const { definition, series } of gauges) this.#window.setGauge(definition, series, now);
  }

  /**
   * Read a derived metric.
   *
   * @returns One reading for each combination of labels that the metric is split by; empty for an unknown one
   */
  read(name: string, period: MetricPeriod): readonly MetricReading[] {
    const derived = this.#options.derived.find((metric) => metric.name === name);
    return derived === undefined ? [] : readDerived(this.#window, derived, { ...period, by: derived.splitBy });
  }

  /** Build a report of a period; the skipped lines are those of the last refresh. */
  report(period: MetricPeriod): MetricReport {
    const { derived, definitions } = this.#options;
    const readings = derived.map((metric) => [metric.name, readDerived(this.#window, metric, period)[0]!] as const);
    return {
      schema: METRIC_REPORT_SCHEMA,
      version: 1,
      time: new Date(period.now).toISOString(),
      windowMs: period.windowMs,
      metrics: Object.fromEntries(readings.map(([name, { value }]) => [name, value])),
      samples: Object.fromEntries(readings.map(([name, { samples }]) => [name, samples])),
      disk: this.#disk.usage,
      processes: this.#window.aliveProcesses(period),
      lines: this.#window.countLines(period),
      skipped: this.#skipped,
      families: withHelp(this.#window.families(period), definitions),
      warnings: this.#disk.warnings,
    };
  }
}

async function measureDisk({ path, measure = diskUsage }: CollectedDisk) {
  try {
    return { usage: await measure(path), warnings: [] };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { usage: null, warnings: [`Cannot measure the disk of "${path}": ${error.message}`] };
  }
}
