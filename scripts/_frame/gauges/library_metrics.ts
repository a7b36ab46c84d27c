import { resolve } from "node:path";
import { diskUsage, existingFolder } from "../../../lib/base/mod.ts";
import { DISK_METRIC, DOWNLOAD_DERIVED, DOWNLOAD_METRICS, downloadMetric } from "../../../lib/downloader/mod.ts";
import { LibraryPresence } from "../../../lib/library/mod.ts";
import {
  JournalMetrics,
  type MeasuredGauge,
  type MetricLine,
  type MetricPeriod,
  type MetricReading,
  type MetricReport,
} from "../../../lib/metrics/mod.ts";
import { LibraryObserver } from "../../../lib/monitor/mod.ts";
import { goneGauge, libraryGauges } from "./library_gauges.ts";
import type { OperationFlags } from "../flags.ts";
import { rolloutGauge } from "./rollout_gauge.ts";
import { readLibrary } from "../session.ts";

/** Options of {@linkcode LibraryMetrics}. */
export interface LibraryMetricsOptions {
  /** The longest period before now that is read, in milliseconds. */
  readonly windowMs: number;
  /** Called when the usage of the library's disk cannot be determined. */
  readonly onWarning: (message: string) => void;
  /** What a monitor has opened for its page: who looks at the library, and whether it is there. */
  readonly watch?: { readonly observer: LibraryObserver; readonly presence: LibraryPresence } | undefined;
  /** Called with each line of the journal that was written after the first refresh. */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
}

/** The metrics of a library: those that its runs write, and what is measured of it, its disk and its rollout. */
export class LibraryMetrics {
  readonly #library: string;
  readonly #metrics: JournalMetrics;
  readonly #observer: LibraryObserver;
  readonly #presence: LibraryPresence;
  readonly #onWarning: (message: string) => void;

  /** Open the metrics of the library and the logs that the flags name; nothing is read yet. */
  constructor(flags: OperationFlags, options: LibraryMetricsOptions) {
    const { windowMs, watch, onWarning, onLine } = options;
    this.#library = readLibrary(flags);
    this.#observer = watch?.observer ?? new LibraryObserver(this.#library);
    this.#presence = watch?.presence ?? new LibraryPresence(resolve(this.#library));
    this.#onWarning = onWarning;
    this.#metrics = new JournalMetrics({
      folder: flags.logs,
      windowMs,
      definitions: DOWNLOAD_METRICS,
      derived: DOWNLOAD_DERIVED,
      onLine,
    });
  }

  /**
   * Read and measure everything that is new.
   *
   * @param checks The gauge of the checks that a monitor runs
   */
  async refresh(now: number, { checks, signal }: RefreshOptions = {}): Promise<void> {
    const gone = await this.#presence.look(now);
    const gauge = downloadMetric(DISK_METRIC);
    const common = [goneGauge(gone), ...checks === undefined ? [] : [checks]];
    // Below the mount point, runs and disk say nothing of the library.
    const measured = gone !== null ? { gauges: [{ definition: gauge, series: [] }, ...common] } : {
      disk: { path: this.#library, gauge, measure: async (path: string) => diskUsage(await existingFolder(path)) },
      gauges: [
        ...libraryGauges(await this.#observer.observe(now), now),
        await rolloutGauge(this.#library),
        ...common,
      ],
    };
    await this.#metrics.refresh(now, { ...measured, signal });
    for (const warning of this.#metrics.warnings) this.#onWarning(warning);
  }

  /** Read a derived metric, as a rule does. */
  read(name: string, period: MetricPeriod): readonly MetricReading[] {
    return this.#metrics.read(name, period);
  }

  /** Build a report of a period that ends with the last refresh. */
  report(period: MetricPeriod): MetricReport {
    return this.#metrics.report(period);
  }
}

interface RefreshOptions {
  readonly checks?: MeasuredGauge | undefined;
  readonly signal?: AbortSignal | undefined;
}
