import { dirname, join, resolve } from "node:path";
import { type AlertStatus, alertStatus, AlertStore, EMPTY_ALERT_STATE } from "../../lib/alerts/mod.ts";
import { isDenoError, KitError, parseDayLimits, systemClock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS, quotaFile, QuotaWindow } from "../../lib/downloader/mod.ts";
import { collectMetrics, type MetricReport } from "../../lib/metrics/mod.ts";
import { LogFollower } from "../../lib/journal/mod.ts";
import {
  LibraryObserver,
  LogHistory,
  type StatusChecks,
  type StatusKey,
  type StatusLimits,
  type StatusReport,
} from "../../lib/monitor/mod.ts";
import { findGoneLibrary, type GoneLibrary, STATE_FOLDER } from "../../lib/library/mod.ts";
import { readLine } from "../../lib/problems/mod.ts";
import { openKnownLibraries } from "../_frame/library/library_memory.ts";
import { findConfigPath } from "../_frame/settings/config_file.ts";
import { findToken } from "../_frame/settings/secrets.ts";
import { readHolder } from "../_frame/read_holder.ts";
import { readLibrary } from "../_frame/session.ts";
import { readChecks } from "../_monitor/monitor_checks.ts";
import { MONITOR_JOURNAL_NAME } from "../_monitor/monitor_log.ts";
import { MonitorStatus } from "../_monitor/monitor_status.ts";
import { alertsStatePath } from "../_alerts/alerts_config.ts";
import type { StatusFlags } from "./status_flags.ts";

/** Time for which a report of metrics counts, in milliseconds, as in the monitor. */
const METRICS_MS = 300_000;
/** Time for which a rate of the history counts, in milliseconds: that between two screens of `--watch`. */
const READ_MS = 2000;

type StatusContext = Pick<CommandContext<StatusFlags>, "flags" | "env" | "sourceOf" | "display" | "signal">;

/** Reads the status again and again; nothing in the library or the logs is changed. */
export class StatusReader implements Disposable {
  readonly #context: StatusContext;
  readonly #home: string;
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

  constructor(context: StatusContext) {
    const { flags, display } = context;
    this.#context = context;
    this.#metrics = { alerts: () => this.#alerts, report: undefined };
    this.#log = join(resolve(flags.logs), "download.log");
    const library = readLibrary(flags);
    this.#home = join(library, STATE_FOLDER);
    this.#observer = new LibraryObserver(library);
    this.#status = new MonitorStatus({
      library,
      tickMs: READ_MS,
      metrics: this.#metrics,
      observer: this.#observer,
      presence: this.#presence,
      checks: () => this.#checks,
      history: this.#history,
      nameCommands: display.nameCommands,
      onWarning: (message) => display.notice(`warning: ${message}`),
    });
  }

  /** Read everything that a status says. */
  async read(): Promise<StatusReport> {
    const now = systemClock.now();
    this.#alerts = await this.#readAlerts(now);
    await this.#readLog(now);
    this.#metrics.report = await this.#readMetrics();
    await this.#findGone();
    await this.#status.refresh();
    const [holder, monitor] = await Promise.all([
      readHolder(join(this.#home, "lock")),
      readHolder(join(this.#home, "state", "monitor.lock")),
    ]);
    // What a monitor found that has ended may be over.
    this.#checks = monitor === null || this.#presence.gone !== null ? null : await this.#readChecks();
    return {
      ...this.#status.document(),
      holder,
      monitor,
      evaluatedAt: this.#alerts.evaluatedAt,
      limits: await this.#readLimits(now),
      key: await this.#readKey(),
    };
  }

  /** Close the log. */
  [Symbol.dispose](): void {
    this.#follower?.[Symbol.dispose]();
  }

  /** Read the last day of the log at first, then only what is new. */
  async #readLog(now: number): Promise<void> {
    if (this.#follower === undefined) {
      this.#follower = new LogFollower(this.#log);
      // Finds the end of the log, from which the later polls go on.
      await this.#follower.poll((text) => this.#history.add(readLine(text), { now }));
      return await this.#history.seed([this.#log, join(dirname(this.#log), MONITOR_JOURNAL_NAME)], { now });
    }
    await this.#follower.poll((text) => this.#history.add(readLine(text), { now }));
  }

  /** Alerts as the last evaluation left them: who evaluates them also notifies, which a look must not do. */
  async #readAlerts(now: number): Promise<AlertStatus> {
    const { flags, display } = this.#context;
    try {
      const onWarning = (message: string) => display.notice(`warning: ${message}`);
      const state = await new AlertStore(alertsStatePath(flags), { onWarning }).read();
      return alertStatus(state, NO_RULES, now);
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      display.notice(`warning: ${error.message}`);
      return EMPTY;
    }
  }

  /** Read what runs report of themselves, such as their memory; nothing if the journal cannot be read. */
  async #readMetrics(): Promise<MetricReport | undefined> {
    const { flags, signal } = this.#context;
    const names = { definitions: DOWNLOAD_METRICS, derived: DOWNLOAD_DERIVED };
    return await collectMetrics({ folder: resolve(flags.logs), windowMs: METRICS_MS, ...names, signal })
      .catch((error) => {
        signal.throwIfAborted();
        if (isDenoError(error, "PermissionDenied", "NotADirectory")) return undefined;
        throw error;
      });
  }

  /** Read the round of checks that the monitor left. */
  async #readChecks(): Promise<StatusChecks | null> {
    try {
      return await readChecks(dirname(this.#home));
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      this.#context.display.notice(`warning: ${error.message}`);
      return null;
    }
  }

  /** Look whether the library is gone, whose place other commands refuse. */
  async #findGone(): Promise<void> {
    const { flags, env } = this.#context;
    const known = openKnownLibraries(env);
    this.#presence.gone = known === undefined ? null : await findGoneLibrary(resolve(readLibrary(flags)), known);
  }

  async #readLimits(now: number): Promise<StatusLimits> {
    const { flags } = this.#context;
    const limits = { rate: flags.limitRate ?? null };
    const given = flags.quota === undefined ? null : parseDayLimits(flags.quota);
    const counted = await readQuota(dirname(this.#home), now);
    // Without a limit here, that of the last run is in force for whoever started it.
    const { links, bytes } = given ?? counted?.limits ?? { links: null, bytes: null };
    if (links === null && bytes === null) return { ...limits, quota: null };
    const used = counted?.sumUsed(now) ?? { links: 0, bytes: 0 };
    const fittingMs = counted?.findFittingTime(now, { links: 1, bytes: 1 }, { links, bytes }) ?? now;
    const until = fittingMs > now ? new Date(fittingMs).toISOString() : null;
    return { ...limits, quota: { links, bytes, usedLinks: used.links, usedBytes: used.bytes, until } };
  }

  async #readKey(): Promise<StatusKey> {
    const { flags, env, sourceOf } = this.#context;
    const source = sourceOf("token");
    const state = this.#observer.last?.runs.key ?? null;
    try {
      const config = source === "config" ? await findConfigPath(flags.config, env) ?? undefined : undefined;
      const found = findToken({ flag: flags.token, source, file: flags.tokenFile, config, env });
      return { source: found?.origin ?? null, problem: null, state };
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      return { source: null, problem: error.message, state };
    }
  }
}

/** The rules are not needed to show what is stored. */
const NO_RULES = { rules: [] };
const EMPTY = alertStatus(EMPTY_ALERT_STATE, NO_RULES, 0);

/** Read what is counted for `--quota`; `null` if nothing is, or it cannot be read. */
async function readQuota(root: string, now: number): Promise<QuotaWindow | null> {
  try {
    const state = await quotaFile(root).read();
    return state === null ? null : QuotaWindow.from(state, now);
  } catch {
    // The next run moves it aside and says so.
    return null;
  }
}
