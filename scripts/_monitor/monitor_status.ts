import { join, resolve } from "node:path";
import { diskUsage, existingFolder, KitError, machineName, systemClock } from "../../lib/base/mod.ts";
import { openLibrary, STATE_FOLDER } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import {
  type ActiveProcess,
  buildStatus,
  type LogHistory,
  readActive,
  type StatusDocument,
  type StatusInputs,
  type StatusLibrary,
  type StatusRung,
  ThroughputHistory,
} from "../../lib/monitor/mod.ts";
import type { MonitorMetrics } from "./monitor_metrics.ts";

/** Options of {@linkcode MonitorStatus}. */
export interface MonitorStatusOptions {
  readonly library: string;
  readonly tickMs: number;
  readonly metrics: MonitorMetrics | undefined;
  /** What the logs tell; `undefined` where nobody reads them. */
  readonly history: LogHistory | undefined;
  readonly onWarning: (message: string) => void;
}

/** Gathers what the live page shows. */
export class MonitorStatus implements AsyncDisposable {
  readonly #options: MonitorStatusOptions;
  readonly #history = new ThroughputHistory();
  readonly #startedAt = systemClock.now();
  #engine: Pick<StatusInputs, "mode" | "breakers"> = { mode: null, breakers: [] };
  #library: StatusLibrary | null = null;
  #disk = { usedPercent: 0, freeBytes: 0 };
  #processes: readonly ActiveProcess[] = [];
  #failsafe: Failsafe | undefined;
  /** The last trouble that was told, by what it is about. */
  readonly #said = new Map<string, string>();

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
    this.#engine = await this.#readEngine(join(library, STATE_FOLDER, "state"));
  }

  /** How the downloader works; nothing is known before the first run, or of a state that cannot be read. */
  async #readEngine(folder: string): Promise<Pick<StatusInputs, "mode" | "breakers">> {
    const unknown = { mode: null, breakers: [] };
    if (this.#failsafe === undefined && !await isThere(join(folder, "failsafe.json"))) return unknown;
    try {
      // Kept open: looking again costs no lock.
      this.#failsafe ??= await Failsafe.open(folder, { steers: false, onWarning: this.#options.onWarning });
    } catch (error) {
      this.#tellOnce("failsafe", error);
      return unknown;
    }
    const { mode, breakers } = this.#failsafe.status();
    const { name, since, reason, ceiling, nextCheck } = mode;
    return { mode: { name: name as StatusRung, since, reason, ceiling: ceiling as StatusRung, nextCheck }, breakers };
  }

  #tellOnce(about: string, error: unknown): void {
    if (!(error instanceof KitError)) throw error;
    if (this.#said.get(about) === error.message) return;
    this.#said.set(about, error.message);
    this.#options.onWarning(error.message);
  }

  /** A catalog that cannot be read, such as one that is just being made, hides the totals and stops nothing. */
  async #readTotals(root: string): Promise<StatusLibrary | null> {
    try {
      return await readTotals(root);
    } catch (error) {
      this.#tellOnce("catalog", error);
      return null;
    }
  }

  /** Look at what is under way, more often. */
  async refreshActive(): Promise<void> {
    const folder = join(this.#options.library, STATE_FOLDER, "state", "active");
    this.#processes = await readActive(folder, { now: systemClock.now() });
  }

  /** Let go of the failsafe. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#failsafe?.[Symbol.asyncDispose]();
  }

  /** What is known. */
  document(): StatusDocument {
    const { metrics, history, library, tickMs } = this.#options;
    const now = systemClock.now();
    return buildStatus({
      now,
      source: { machine: machineName(), library: resolve(library) },
      startedAt: this.#startedAt,
      ...this.#engine,
      tickMs,
      processes: this.#processes,
      history: this.#history.values,
      failures: history?.failures.list ?? [],
      failureGroups: history?.failures.groups(now) ?? [],
      events: history?.events.list(now) ?? [],
      alerts: metrics?.alerts() ?? [],
      library: this.#library,
      disk: this.#disk,
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

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
