import { resolve } from "node:path";
import { diskUsage, existingFolder } from "../../base/mod.ts";
import { LibraryPresence } from "../../library/mod.ts";
import {
  JournalMetrics,
  type MeasuredGauge,
  type MetricLine,
  type MetricPeriod,
  type MetricReading,
  type MetricReport,
} from "../../metrics/mod.ts";
import { goneGauge, libraryGauges, type MetricTable } from "./library_gauges.ts";
import { LibraryObserver } from "./observe_library.ts";

/** Who looks at a library, and whether it is there. */
export interface LibraryWatchers {
  readonly observer: LibraryObserver;
  readonly presence: LibraryPresence;
}

/** Time that a report covers, in milliseconds, the same as by default in `collect-metrics`. */
export const REPORT_MS = 300_000;

/** How much of the disk is in use. */
const DISK_METRIC = "civitai_dl.disk.utilization";

/** Options of {@linkcode LibraryMetrics}. */
export interface LibraryMetricsOptions {
  /** The library's folder. */
  readonly library: string;
  /** The folder of the logs. */
  readonly logs: string;
  /** The metrics of downloads. */
  readonly table: MetricTable;
  /** Measures whether the rollout of the library is aborted now. */
  readonly measureRollout: () => Promise<MeasuredGauge>;
  /** The longest period before now that is read, in milliseconds. */
  readonly windowMs: number;
  /** Called when the usage of the library's disk cannot be determined. */
  readonly onWarning: (message: string) => void;
  /**
   * What a monitor has opened for its page.
   *
   * @default {watchers of its own}
   */
  readonly watch?: LibraryWatchers | undefined;
  /** Called with each line of the journal that was written after the first refresh. */
  readonly onLine?: ((line: MetricLine) => void) | undefined;
}

/** The metrics of a library: those that its runs write, and what is measured of it, its disk and its rollout. */
export class LibraryMetrics {
  readonly #options: LibraryMetricsOptions;
  readonly #metrics: JournalMetrics;
  readonly #observer: LibraryObserver;
  readonly #presence: LibraryPresence;

  /** Nothing is read yet. */
  constructor(options: LibraryMetricsOptions) {
    const { library, logs, table: { definitions, derived }, windowMs, watch, onLine } = options;
    this.#options = options;
    this.#observer = watch?.observer ?? new LibraryObserver(library);
    this.#presence = watch?.presence ?? new LibraryPresence(resolve(library));
    this.#metrics = new JournalMetrics({ folder: logs, windowMs, definitions, derived, onLine });
  }

  /**
   * Read and measure everything that is new.
   *
   * @param checks The gauge of the checks that a monitor runs
   */
  async refresh(now: number, { checks, signal }: RefreshOptions = {}): Promise<void> {
    const { library, table, measureRollout, onWarning } = this.#options;
    const gone = await this.#presence.look(now);
    const gauge = table.find(DISK_METRIC);
    const common = [goneGauge(gone, table), ...checks === undefined ? [] : [checks]];
    // Below the mount point, runs and disk say nothing of the library.
    const measured = gone !== null ? { gauges: [{ definition: gauge, series: [] }, ...common] } : {
      disk: { path: library, gauge, measure: async (path: string) => diskUsage(await existingFolder(path)) },
      gauges: [
        ...libraryGauges(await this.#observer.observe(now), { find: table.find, now }),
        await measureRollout(),
        ...common,
      ],
    };
    await this.#metrics.refresh(now, { ...measured, signal });
    for (const warning of this.#metrics.warnings) onWarning(warning);
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
