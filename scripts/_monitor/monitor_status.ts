import { join } from "node:path";
import { diskUsage, KitError, systemClock } from "../../lib/base/mod.ts";
import { openLibrary, STATE_FOLDER } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import {
  type ActiveProcess,
  buildStatus,
  readActive,
  type StatusDocument,
  type StatusFailure,
  type StatusInputs,
  type StatusLibrary,
  type StatusRung,
  ThroughputHistory,
} from "../../lib/monitor/mod.ts";
import { existingFolder } from "../_existing_folder.ts";
import type { MonitorMetrics } from "./monitor_metrics.ts";

/** Options of {@linkcode MonitorStatus}. */
export interface MonitorStatusOptions {
  readonly library: string;
  readonly tickMs: number;
  readonly metrics: MonitorMetrics | undefined;
  readonly failures: () => readonly StatusFailure[];
  readonly onWarning: (message: string) => void;
}

/** Gathers what the live page shows. */
export class MonitorStatus {
  readonly #options: MonitorStatusOptions;
  readonly #history = new ThroughputHistory();
  readonly #startedAt = systemClock.now();
  #engine: Pick<StatusInputs, "mode" | "breakers"> = { mode: null, breakers: [] };
  #library: StatusLibrary | null = null;
  #disk = { usedPercent: 0, freeBytes: 0 };
  #processes: readonly ActiveProcess[] = [];
  #saidOfCatalog = "";

  constructor(options: MonitorStatusOptions) {
    this.#options = options;
  }

  /** Look at everything, once a tick. */
  async refresh(): Promise<void> {
    const { library } = this.#options;
    await this.refreshActive();
    this.#history.add(this.#processes.reduce((sum, process) => sum + process.bytesPerSecond, 0));
    this.#disk = await diskUsage(await existingFolder(library));
    this.#library = await this.#readTotals(library);
    this.#engine = await readEngine(join(library, STATE_FOLDER, "state"), this.#options.onWarning);
  }

  /** A catalog that cannot be read, such as one that is just being made, hides the totals and stops nothing. */
  async #readTotals(root: string): Promise<StatusLibrary | null> {
    try {
      return await readTotals(root);
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      if (error.message !== this.#saidOfCatalog) this.#options.onWarning(error.message);
      this.#saidOfCatalog = error.message;
      return null;
    }
  }

  /** Look at what is under way, more often. */
  async refreshActive(): Promise<void> {
    const folder = join(this.#options.library, STATE_FOLDER, "state", "active");
    this.#processes = await readActive(folder, { now: systemClock.now() });
  }

  /** What is known. */
  document(): StatusDocument {
    const { metrics, failures, tickMs } = this.#options;
    return buildStatus({
      ...{ now: systemClock.now(), startedAt: this.#startedAt, ...this.#engine, tickMs },
      ...{ processes: this.#processes, history: this.#history.values, failures: failures() },
      alerts: metrics?.alerts() ?? [],
      ...{ library: this.#library, disk: this.#disk },
      rssBytes: (metrics?.report?.metrics["memory_usage_mb"] ?? 0) * 2 ** 20,
    });
  }
}

/** What the catalog counts; `null` where there is none. */
async function readTotals(root: string): Promise<StatusLibrary | null> {
  if (!await isThere(join(root, STATE_FOLDER, "catalog.db"))) return null;
  using library = await openLibrary(root, { command: "monitor", mustExist: true, readOnly: true });
  const { count, bytes, byState } = library.catalog.totals();
  const states = Object.entries(byState).map(([state, total]) => [state, total.count] as const);
  return { files: count, bytes, byState: Object.fromEntries(states) };
}

/** How the downloader works; nothing is known before the first run. */
async function readEngine(
  folder: string,
  onWarning: (message: string) => void,
): Promise<Pick<StatusInputs, "mode" | "breakers">> {
  if (!await isThere(join(folder, "failsafe.json"))) return { mode: null, breakers: [] };
  await using failsafe = await Failsafe.open(folder, { steers: false, onWarning });
  const { mode, breakers } = failsafe.status();
  const { name, since, reason, ceiling, nextCheck } = mode;
  return { mode: { name: name as StatusRung, since, reason, ceiling: ceiling as StatusRung, nextCheck }, breakers };
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
