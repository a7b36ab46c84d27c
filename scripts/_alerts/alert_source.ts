import type { AlertsConfig, MetricSource } from "../../lib/alerts/mod.ts";
import { diskUsage } from "../../lib/base/mod.ts";
import { DISK_METRIC, DOWNLOAD_DERIVED, downloadMetric } from "../../lib/downloader/mod.ts";
import { loadMetrics, type MetricLine, MetricWindow, readDerived } from "../../lib/metrics/mod.ts";
import { existingFolder } from "../_existing_folder.ts";

/** Metrics of runs that are going on elsewhere, and of the library's disk. */
export interface AlertSource extends MetricSource {
  /** Read what came since the last time. */
  refresh(now: number): Promise<void>;
}

/** Where the metrics lie. */
export interface AlertSourceOptions {
  /** The folder of the journal. */
  readonly logs: string;
  /** The library, whose disk is measured. */
  readonly library: string;
  /** Told when the disk cannot be measured. */
  readonly onWarning: (message: string) => void;
  /** Told of each line of the journal that came after the first look. */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
}

/** Lines are written every ten seconds, and the journals of several processes are not in order. */
const OVERLAP_MS = 120_000;

/**
 * Open the metrics that rules name: from the journal of all runs, and the disk as it is now.
 *
 * @param config The rules, whose windows say how far back to read
 * @param options Where
 * @returns The source; nothing is read before the first refresh
 */
export function openAlertSource(config: Pick<AlertsConfig, "rules">, options: AlertSourceOptions): AlertSource {
  const { logs, library, onWarning, onLine } = options;
  const windows = config.rules.flatMap((rule) => rule.anyOf.flat().map((threshold) => threshold.windowMs));
  const window = new MetricWindow({ horizonMs: Math.max(OVERLAP_MS, ...windows) + OVERLAP_MS });
  let readUntil: number | undefined;
  return {
    names: DOWNLOAD_DERIVED.map((derived) => derived.name),
    async refresh(now) {
      const since = readUntil === undefined ? {} : { sinceMs: readUntil - OVERLAP_MS, onLine };
      await loadMetrics(window, logs, { now, ...since });
      readUntil = now;
      try {
        const { usedPercent } = await diskUsage(await existingFolder(library));
        window.measure(downloadMetric(DISK_METRIC), [{ labels: {}, value: usedPercent / 100 }], now);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        onWarning(`Cannot measure the disk of "${library}": ${error.message}`);
      }
    },
    read(metric, readOptions) {
      const derived = DOWNLOAD_DERIVED.find((candidate) => candidate.name === metric);
      return derived === undefined ? [] : readDerived(window, derived, readOptions);
    },
  };
}
