import { join, resolve } from "node:path";
import type { AlertStatus } from "../../alerts/mod.ts";
import { type DiskUsage, diskUsage, existingFolder, KitError, machineName, systemClock } from "../../base/mod.ts";
import { Failsafe, type FailsafeStatus } from "../../failsafe/mod.ts";
import { type ItemTotals, type LibraryPresence, sayGone, stateFolder } from "../../library/mod.ts";
import type { MetricReport } from "../../metrics/mod.ts";
import { stampOfCatalog } from "../library/catalog_stamp.ts";
import type { LibraryObserver } from "../library/observe_library.ts";
import { type ActiveProcess, readActive } from "../library/read_active.ts";
import { namePageCommands } from "./page_commands.ts";
import type { RecentEvents } from "./recent_events.ts";
import type { RecentFailures } from "./recent_failures.ts";
import { buildStatus, type StatusInputs } from "./status_builder.ts";
import type {
  StatusChecks,
  StatusDamage,
  StatusDocument,
  StatusGone,
  StatusLibrary,
  StatusModeName,
} from "../../status/mod.ts";
import { ThroughputHistory } from "./throughput_history.ts";

/** What a monitor without its half for metrics knows of alerts. */
const NO_ALERTS: Pick<StatusInputs, "alerts" | "undelivered"> = { alerts: [], undelivered: [] };

/** What a status needs of metrics and alerts. */
export interface StatusMetrics {
  /** Alerts and undelivered notifications at the last evaluation. */
  readonly alerts: () => Pick<AlertStatus, "alerts" | "undelivered">;
  /** The latest report; `undefined` before the first. */
  readonly report: MetricReport | undefined;
}

/** Failures and events from the logs. */
export interface StatusHistory {
  readonly failures: Pick<RecentFailures, "list" | "groups">;
  readonly events: Pick<RecentEvents, "list">;
}

/** Options of {@linkcode MonitorStatus}. */
export interface MonitorStatusOptions {
  readonly library: string;
  readonly tickMs: number;
  readonly metrics: StatusMetrics | undefined;
  readonly observer: LibraryObserver;
  /** `undefined` if the log is not followed. */
  readonly history: StatusHistory | undefined;
  readonly presence: Pick<LibraryPresence, "gone">;
  /** Names commands as the reader types them. */
  readonly nameCommands: (text: string) => string;
  /** The last round of checks. */
  readonly checks: () => StatusChecks | null;
  /** Reads the totals of the catalog, without a change of the library. */
  readonly readTotals: (library: string) => Promise<ItemTotals>;
  readonly onWarning: (message: string) => void;
}

/** Collects what the status document says, for the live page and for the command `status`. */
export class MonitorStatus {
  readonly #options: MonitorStatusOptions;
  readonly #commands: Readonly<Record<string, string>>;
  readonly #history = new ThroughputHistory();
  readonly #startedAt = systemClock.now();
  #engine: Pick<StatusInputs, "mode" | "breakers"> = { mode: null, breakers: [] };
  #library: StatusLibrary | null = null;
  #damage: StatusDamage | null = null;
  /** The totals, and what the catalog's files were like when they were read. */
  #totals: { readonly stamp: string | null; readonly library: StatusLibrary | null } | undefined;
  #disk: DiskUsage | null = null;
  #processes: readonly ActiveProcess[] = [];
  /** The last warning by subject, so that it is not repeated. */
  readonly #warned = new Map<string, string>();

  constructor(options: MonitorStatusOptions) {
    this.#options = options;
    this.#commands = namePageCommands(options.nameCommands);
  }

  /** Read everything; called once per tick. */
  async refresh(): Promise<void> {
    const { library, presence } = this.#options;
    if (presence.gone !== null) return this.release();
    await this.refreshLive();
    this.#history.add(this.#processes.reduce((sum, process) => sum + process.bytesPerSecond, 0));
    this.#disk = await diskUsage(await existingFolder(library));
    this.#library = await this.#readTotals(library);
  }

  /** Read mode and breakers. They are empty before the first run, and if the state cannot be read. */
  #readEngine(folder: string): Pick<StatusInputs, "mode" | "breakers"> {
    const unknown = { mode: null, breakers: [] };
    let status: FailsafeStatus | null;
    try {
      status = Failsafe.peek(folder);
    } catch (error) {
      this.#warnOnce("failsafe", error instanceof SyntaxError ? unreadable(folder, error) : error);
      return unknown;
    }
    if (status === null) return unknown;
    const { mode, breakers } = status;
    const { name, since, reason, ja, ceiling, isRising, hold, nextCheck } = mode;
    return {
      mode: {
        name: name as StatusModeName,
        since,
        reason,
        ja: { reason: ja.reason },
        ceiling: ceiling as StatusModeName,
        isRising,
        hold: hold === null ? null : { until: hold.until },
        nextCheck,
      },
      breakers: breakers.map(({ cause, ...breaker }) => ({
        ...breaker,
        fault: cause?.fault ?? null,
        ja: { reason: breaker.ja.reason, fault: cause?.ja.fault ?? null },
      })),
    };
  }

  #warnOnce(subject: string, error: unknown): void {
    if (!(error instanceof KitError)) throw error;
    if (this.#warned.get(subject) === error.message) return;
    this.#warned.set(subject, error.message);
    this.#options.onWarning(error.message);
  }

  /** Read the totals; return `null` and warn if the catalog cannot be read, for example while it is being created. */
  async #readTotals(root: string): Promise<StatusLibrary | null> {
    const { readTotals } = this.#options;
    this.#damage = null;
    try {
      const stamp = await stampOfCatalog(root);
      // Opening a catalog makes files beside it, which would wake a sleeping disk.
      if (this.#totals === undefined || this.#totals.stamp !== stamp) {
        this.#totals = { stamp, library: stamp === null ? null : toLibrary(await readTotals(root)) };
      }
      return this.#totals.library;
    } catch (error) {
      this.#warnOnce("catalog", error);
      if (error instanceof KitError && error.code === "integrity") this.#damage = { message: error.message };
      return null;
    }
  }

  /** Read the active downloads, the mode, the runs and the disk; called more often than {@linkcode refresh}. */
  async refreshLive(): Promise<void> {
    const folder = stateFolder(this.#options.library);
    this.#processes = await readActive(join(folder, "active"), { now: systemClock.now() });
    this.#engine = this.#readEngine(folder);
    await this.#options.observer.observe(systemClock.now());
  }

  /** Forget what is in the library: it is gone. */
  release(): void {
    this.#processes = [];
    this.#library = null;
    this.#damage = null;
    this.#totals = undefined;
    this.#disk = null;
    this.#engine = { mode: null, breakers: [] };
  }

  /** Build the status document from the latest data. */
  document(): StatusDocument {
    const { metrics, history, library, observer, presence, checks, tickMs } = this.#options;
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
      ...metrics?.alerts() ?? NO_ALERTS,
      library: this.#library,
      outlook: presence.gone === null ? observer.last ?? null : null,
      gone: describeMissing(presence),
      damage: this.#damage,
      checks: checks(),
      disk: this.#disk,
      commands: this.#commands,
      rssBytes: readMemory(metrics?.report),
    });
  }
}

/** Memory in bytes; `null` if no process has reported any. */
function readMemory(report: MetricReport | undefined): number | null {
  const mebibytes = report?.metrics["memory_usage_mb"] ?? null;
  return mebibytes === null ? null : mebibytes * 2 ** 20;
}

function describeMissing({ gone }: MonitorStatusOptions["presence"]): StatusGone | null {
  if (gone === null) return null;
  const { en, ja } = sayGone(gone);
  return { message: en, ja: { message: ja }, lastSeen: gone.seenAt };
}

/** The next run moves a corrupt state aside; here, it is only read. */
function unreadable(folder: string, error: SyntaxError): KitError {
  return new KitError("failed", `Cannot read "${join(folder, "failsafe.json")}": ${error.message}`, { cause: error });
}

function toLibrary({ byState }: ItemTotals): StatusLibrary {
  const states = Object.entries(byState).map(([state, total]) => [state, total.count] as const);
  // What is planned is not there yet.
  const { count, bytes } = byState.done;
  return { files: count, bytes, byState: Object.fromEntries(states) };
}
