import type { AlertsConfig } from "../config/alerts_config.ts";
import type { MetricSource } from "./metric_source.ts";
import { diskUsage, existingFolder } from "../../base/mod.ts";
import {
  type DerivedMetric,
  loadMetrics,
  type MeasuredGauge,
  type MetricDefinition,
  type MetricLine,
  MetricWindow,
  readDerived,
} from "../../metrics/mod.ts";

/** Metrics that other processes wrote to the journal, and the usage of a disk. */
export interface JournalSource extends MetricSource {
  /** Read what was written since the last refresh; `now` is in milliseconds since the epoch. */
  refresh(now: number): Promise<void>;
}

/** Options of {@linkcode openJournalSource}. */
export interface JournalSourceOptions {
  /** Folder of the metrics journal. */
  readonly logs: string;
  /** The metrics that rules may use. */
  readonly derived: readonly DerivedMetric[];
  /** A folder on the disk to measure, which need not exist yet, and the gauge for the used share (0 to 1). */
  readonly disk: {
    readonly path: string;
    readonly gauge: MetricDefinition;
    /** Whether the folder is the one to measure, and not the mount point of its disk; it is if absent. */
    readonly isPresent?: (() => boolean) | undefined;
  };
  /**
   * Measures other gauges at each refresh; called after the journal was read.
   *
   * @default {none}
   */
  readonly measure?: ((now: number) => Promise<readonly MeasuredGauge[]>) | undefined;
  /** Called when the usage of the disk cannot be determined. */
  readonly onWarning: (message: string) => void;
  /** Called with each line of the journal that was written after the first refresh. */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
}

/** Overlap of two refreshes. Each process writes a line every ten seconds, so the lines are not sorted by time. */
const OVERLAP_MS = 120_000;

/**
 * Open the source of the metrics that rules use: those in the journal, and the current usage of the disk.
 *
 * @param config The rules; their longest window determines how far back to read
 * @param options The journal, the metrics and the disk
 * @returns The source; nothing is read before the first refresh
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openJournalSource } from "@civitai-dl/civitai-dl/alerts";
 *
 * const logs = await Deno.makeTempDir();
 * const source = openJournalSource({ rules: [] }, {
 *   logs,
 *   derived: [{ name: "disk_usage_percent", kind: "gauge", of: { name: "disk.used" }, scale: 100, aggregate: "max" }],
 *   disk: { path: logs, gauge: { name: "disk.used", kind: "gauge", unit: "1", help: "Used share of the disk" } },
 *   onWarning: (message) => console.warn(message),
 * });
 * const now = Date.now();
 * await source.refresh(now);
 * const [reading] = source.read("disk_usage_percent", { windowMs: 60_000, now });
 * assertEquals(reading?.samples, 1);
 * ```
 */
export function openJournalSource(config: Pick<AlertsConfig, "rules">, options: JournalSourceOptions): JournalSource {
  const { logs, derived: metrics, disk, measure, onWarning, onLine } = options;
  const windows = config.rules.map((rule) => rule.windowMs);
  const window = new MetricWindow({ horizonMs: Math.max(OVERLAP_MS, ...windows) + OVERLAP_MS });
  let readUntil: number | undefined;
  return {
    async refresh(now) {
      const since = readUntil === undefined ? {} : { sinceMs: readUntil - OVERLAP_MS, onLine };
      await loadMetrics(window, logs, { now, ...since });
      readUntil = now;
      if (disk.isPresent?.() ?? true) {
        try {
          const { usedPercent } = await diskUsage(await existingFolder(disk.path));
          window.setGauge(disk.gauge, [{ labels: {}, value: usedPercent / 100 }], now);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          onWarning(`Cannot measure the disk of "${disk.path}": ${error.message}`);
        }
      } else window.setGauge(disk.gauge, [], now);
      for (const { definition, series } of await measure?.(now) ?? []) window.setGauge(definition, series, now);
    },
    read(metric, readOptions) {
      const derived = metrics.find((candidate) => candidate.name === metric);
      return derived === undefined ? [] : readDerived(window, derived, { ...readOptions, by: derived.splitBy });
    },
  };
}
