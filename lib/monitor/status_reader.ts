import { dirname, join, resolve } from "node:path";
import { type AlertStatus, alertStatus, AlertStore, EMPTY_ALERT_STATE } from "../alerts/mod.ts";
import { findLockHolder, isDenoError, KitError, systemClock } from "../base/mod.ts";
import { LogFollower } from "../journal/mod.ts";
import {
  alertsStatePath,
  findGoneLibrary,
  type GoneLibrary,
  type KnownLibraries,
  monitorLockPath,
  STATE_FOLDER,
} from "../library/mod.ts";
import { collectMetrics, type MetricReport } from "../metrics/mod.ts";
import { readLine } from "../problems/mod.ts";
import type { MetricTable } from "./library/library_gauges.ts";
import { REPORT_MS } from "./library/library_metrics.ts";
import { LibraryObserver } from "./library/observe_library.ts";
import { LogHistory } from "./log/log_history.ts";
import { MONITOR_JOURNAL_NAME } from "./log/open_monitor_log.ts";
import { readChecks } from "./status/checks_state.ts";
import { MonitorStatus, type MonitorStatusOptions } from "./status/monitor_status.ts";
import type { StatusChecks, StatusDocument } from "../status/mod.ts";
import type { StatusKey, StatusLimits, StatusReport } from "./status/status_report.ts";

/** Time between two screens of `status --watch`, in milliseconds. */
const READ_MS = 2000;

/** Options of {@linkcode StatusReader}. */
export interface StatusReaderOptions extends Pick<MonitorStatusOptions, "nameCommands" | "onWarning" | "readTotals"> {
  /** The library's folder. */
  readonly library: string;
  /** The folder of the logs. */
  readonly logs: string;
  /** What the user's commands remember of libraries; `undefined` if they remember nothing. */
  readonly known: KnownLibraries | undefined;
  /** The metrics that runs report of themselves. */
  readonly table: Pick<MetricTable, "definitions" | "derived">;
  /**
   * Reads the limits that the user set.
   *
   * @param now Milliseconds since the epoch
   */
  readonly readLimits: (now: number) => Promise<StatusLimits>;
  /** Finds out where the API key comes from. */
  readonly findKey: () => Promise<Omit<StatusKey, "state">>;
  /** Stops a long read. */
  readonly signal: AbortSignal;
  /**
   * Time between two calls of `read`, in milliseconds: each adds a rate to the history.
   *
   * @default {2000}
   */
  readonly tickMs?: number | undefined;
}

/** What a report has besides the document. */
type Extras = Omit<StatusReport, keyof StatusDocument>;

/** Reads the status again and again, without a monitor; nothing in the library or the logs is changed. */
export class StatusReader implements Disposable {
  readonly #options: StatusReaderOptions;
  readonly #status: MonitorStatus;
  readonly #observer: LibraryObserver;
  readonly #presence: { gone: GoneLibrary | null } = { gone: null };
  readonly #history = new LogHistory();
  readonly #log: string;
  #follower: LogFollower | undefined;
  #alerts: AlertStatus = EMPTY;
  /** What a monitor would know; the report is the newest one. */
  readonly #metrics: { readonly alerts: () => AlertStatus; report: MetricReport | undefined };
  #checks: StatusChecks | null = null;
  /** Those of the last read. */
  #extras: Extras | undefined;

  constructor(options: StatusReaderOptions) {
    const { library, logs, nameCommands, onWarning, readTotals, tickMs = READ_MS } = options;
    this.#options = options;
    this.#metrics = { alerts: () => this.#alerts, report: undefined };
    this.#log = join(resolve(logs), "download.log");
    this.#observer = new LibraryObserver(library);
    this.#status = new MonitorStatus({
      library,
      tickMs,
      metrics: this.#metrics,
      observer: this.#observer,
      presence: this.#presence,
      checks: () => this.#checks,
      history: this.#history,
      nameCommands,
      readTotals,
      onWarning,
    });
  }

  /** What is wrong with the library's folder; `null` if the library is there, or if there never was one. */
  get gone(): GoneLibrary | null {
    return this.#presence.gone;
  }

  /** The newest report of metrics, and the alerts; the report is `undefined` if the journal cannot be read. */
  get metrics(): { readonly report: MetricReport | undefined; readonly alerts: AlertStatus } {
    return { report: this.#metrics.report, alerts: this.#alerts };
  }

  /** Read everything that a status says. */
  async read(): Promise<StatusReport> {
    const { readLimits, findKey } = this.#options;
    const now = systemClock.now();
    this.#alerts = await this.#readAlerts(now);
    await this.#readLog(now);
    this.#metrics.report = await this.#readMetrics();
    await this.#look();
    await this.#status.refresh();
    const holders = await this.#findHolders();
    // What a monitor found that has ended may be over.
    this.#checks = holders.monitor === null || this.gone !== null ? null : await this.#readChecks();
    this.#extras = {
      ...holders,
      evaluatedAt: this.#alerts.evaluatedAt,
      limits: await readLimits(now),
      key: { ...await findKey(), state: this.#observer.last?.runs.key ?? null },
    };
    return { ...this.#status.document(), ...this.#extras };
  }

  /** Read what changes every second: downloads, mode, log, and who works on the library. The rest is of the last read. */
  async readLive(): Promise<StatusReport> {
    if (this.#extras === undefined) return await this.read();
    await this.#readLog(systemClock.now());
    await this.#look();
    if (this.gone === null) await this.#status.refreshLive();
    else this.#status.release();
    return { ...this.#status.document(), ...this.#extras, ...await this.#findHolders() };
  }

  /** Close the log. */
  [Symbol.dispose](): void {
    this.#follower?.[Symbol.dispose]();
  }

  /** Look whether the library is in its folder. */
  async #look(): Promise<void> {
    const { library, known } = this.#options;
    this.#presence.gone = known === undefined ? null : await findGoneLibrary(resolve(library), known);
  }

  async #findHolders(): Promise<Pick<Extras, "holder" | "monitor">> {
    const { library } = this.#options;
    const [holder, monitor] = await Promise.all([
      findLockHolder(join(library, STATE_FOLDER, "lock")),
      findLockHolder(monitorLockPath(library)),
    ]);
    return { holder, monitor };
  }

  /** Read the last day of the log at first, then only what is new. */
  async #readLog(now: number): Promise<void> {
    const add = (text: string) => this.#history.add(readLine(text), { now });
    if (this.#follower === undefined) {
      this.#follower = new LogFollower(this.#log);
      // Finds the end of the log, from which the later polls go on.
      await this.#follower.poll(add);
      return await this.#history.seed([this.#log, join(dirname(this.#log), MONITOR_JOURNAL_NAME)], { now });
    }
    await this.#follower.poll(add);
  }

  /** Alerts as the last evaluation left them: who evaluates them also notifies, which a look must not do. */
  async #readAlerts(now: number): Promise<AlertStatus> {
    const { library, onWarning } = this.#options;
    try {
      const state = await new AlertStore(resolve(alertsStatePath(library)), { onWarning }).read();
      return alertStatus(state, NO_RULES, now);
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      onWarning(error.message);
      return EMPTY;
    }
  }

  /** Read what runs report of themselves, such as their memory; nothing if the journal cannot be read. */
  async #readMetrics(): Promise<MetricReport | undefined> {
    const { logs, table: { definitions, derived }, signal } = this.#options;
    return await collectMetrics({ folder: resolve(logs), windowMs: REPORT_MS, definitions, derived, signal })
      .catch((error) => {
        signal.throwIfAborted();
        if (isDenoError(error, "PermissionDenied", "NotADirectory")) return undefined;
        throw error;
      });
  }

  /** Read the round of checks that the monitor left. */
  async #readChecks(): Promise<StatusChecks | null> {
    const { library, onWarning } = this.#options;
    try {
      return await readChecks(library);
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      onWarning(error.message);
      return null;
    }
  }
}

/** The rules are not needed to show what is stored. */
const NO_RULES = { rules: [] };
const EMPTY = alertStatus(EMPTY_ALERT_STATE, NO_RULES, 0);
