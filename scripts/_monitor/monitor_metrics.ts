import { join, resolve } from "node:path";
import {
  type AlertChange,
  type AlertEvent,
  AlertManager,
  type AlertStatus,
  type MetricSource,
} from "../../lib/alerts/mod.ts";
import { ensurePrivateFolder, existingFolder, machineName, systemClock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { LogWriter } from "../../lib/journal/mod.ts";
import type { LibraryPresence } from "../../lib/library/mod.ts";
import type { MonitorFlags } from "./monitor_flags.ts";
import { DISK_METRIC, DOWNLOAD_DERIVED, DOWNLOAD_METRICS, downloadMetric } from "../../lib/downloader/mod.ts";
import {
  collectMetrics,
  METRIC_JOURNAL_NAME,
  type MetricFamily,
  type MetricReport,
  MetricTotals,
  renderPrometheus,
  reportSnapshot,
  withHelp,
  writeMetricReport,
} from "../../lib/metrics/mod.ts";
import { type LibraryObserver, limitRepeats, type MonitorWork } from "../../lib/monitor/mod.ts";
import {
  alertsStatePath,
  openAlertSource,
  openReceivers,
  readAlertsConfig,
  rulesEnv,
} from "../_alerts/alerts_config.ts";
import type { MonitorChecks } from "./monitor_checks.ts";
import { MONITOR_JOURNAL_NAME } from "./monitor_log.ts";
import { goneGauge, libraryGauges } from "../_frame/library_gauges.ts";
import { rolloutGauge } from "../_frame/rollout_gauge.ts";
import { readLibrary } from "../_frame/session.ts";

/** The part of a monitor that collects metrics, evaluates the rules and notifies the receivers. */
export interface MonitorMetrics extends Pick<MonitorWork, "collect" | "evaluate">, AsyncDisposable {
  /** The latest report; `undefined` before the first. */
  readonly report: MetricReport | undefined;
  /** Alerts and undelivered notifications at the last evaluation. */
  readonly alerts: () => Pick<AlertStatus, "alerts" | "undelivered">;
  /** The latest report in Prometheus' text format; empty before the first. */
  readonly text: () => string;
}

/** Time window of a report in milliseconds, the same as the default of `collect-metrics`. */
const WINDOW_MS = 300_000;
/** How long a tick waits for the receivers, in milliseconds. */
const RECEIVERS_MS = 1000;
const MAX_JOURNAL_BYTES = 1024 * 1024;
const CHECKS_METRIC = "health_check_failing";
/** Number of reports to keep: one per minute for a day. */
const KEEP_REPORTS = 1440;

/**
 * Open rules, metrics and receivers.
 *
 * @param options `observer` looks at the library, `presence` whether it is there, and `checks` what doctor finds;
 * `onAlertLine` is called with each line of the monitor's own journal
 * @returns The part; disposal waits a little for notifications under way
 * @throws {KitError} `usage` for rules that cannot be used
 */
export async function openMonitorMetrics(
  context: CommandContext<MonitorFlags>,
  options: {
    readonly observer: LibraryObserver;
    readonly presence: LibraryPresence;
    readonly checks: Pick<MonitorChecks, "gauge" | "read">;
    readonly onAlertLine?: (line: string) => void;
  },
): Promise<MonitorMetrics> {
  const { flags, display } = context;
  const { observer, presence, checks } = options;
  const logs = flags.logs;
  const library = readLibrary(flags);
  const config = await readAlertsConfig(context, { env: rulesEnv(context) });
  const onWarning = limitRepeats((message) => display.notice(`warning: ${message}`));
  // Starts at 0: otherwise a scraper would count earlier events again after each start of the monitor.
  const totals = new MetricTotals();
  const source = openAlertSource(config, flags, {
    observer,
    presence,
    checks: () => checks.gauge,
    onWarning,
    onLine: (line) => totals.add(line),
  });
  const manager = await AlertManager.open({
    config,
    source: withChecks(source, checks),
    statePath: resolve(alertsStatePath(flags)),
    isPresent: async () => await presence.look(systemClock.now()) === null,
    receivers: openReceivers(config, context),
    origin: { machine: machineName(), library },
    onEvent(event) {
      reportEvent(event, { onWarning, log: (text) => display.log(text) });
      if (event.type !== "change") return;
      const line = alertLine(event.change, systemClock.now());
      if (line === null) return;
      options.onAlertLine?.(line);
      appendToJournal(line, { logs, onWarning });
    },
  });
  let report: MetricReport | undefined;
  let isWrittenIdle = false;
  return {
    get report() {
      return report;
    },
    alerts: () => manager.status(),
    [Symbol.asyncDispose]: () => manager.close(),
    text: () =>
      report === undefined ? "" : renderPrometheus({
        families: [
          ...reportSnapshot(report, "civitai_dl").families,
          undeliveredFamily(manager.status().undelivered.length),
          ...withHelp(totals.families(), DOWNLOAD_METRICS),
        ],
      }),
    async collect(now) {
      await source.refresh(now);
      report = await collectMetrics({
        folder: logs,
        windowMs: WINDOW_MS,
        definitions: DOWNLOAD_METRICS,
        derived: DOWNLOAD_DERIVED,
        disk: presence.gone === null
          ? { path: await existingFolder(library), gauge: downloadMetric(DISK_METRIC) }
          : undefined,
        gauges: [
          ...presence.gone === null && observer.last !== undefined ? libraryGauges(observer.last, now) : [],
          ...presence.gone === null ? [await rolloutGauge(library)] : [],
          goneGauge(presence.gone),
          checks.gauge,
        ],
      });
      // While no run writes anything, reports say nothing new, and the disk may sleep.
      const isIdle = report.lines === 0;
      if (isIdle && isWrittenIdle) return;
      await writeMetricReport(logs, report, { keep: KEEP_REPORTS });
      isWrittenIdle = isIdle;
    },
    // A receiver that hangs must delay neither the page nor the next evaluation.
    evaluate: (now) => manager.tick(now, { waitMs: flags.once ? Infinity : RECEIVERS_MS }),
  };
}

/** Read the checks from the part that runs them, which also knows what they found. */
function withChecks(source: MetricSource, checks: Pick<MonitorChecks, "read">): MetricSource {
  return {
    read: (metric, options) => metric === CHECKS_METRIC ? checks.read() : source.read(metric, options),
  };
}

function undeliveredFamily(value: number): MetricFamily {
  return {
    name: "civitai_dl.undelivered_notifications",
    kind: "gauge",
    unit: "",
    help: "Notifications of alerts that a receiver refused, or did not answer",
    series: [{ labels: {}, value }],
  };
}

/** Render a line of the journal for an alert that fires or is resolved; `null` for a pending one. */
function alertLine({ to, alert }: AlertChange, now: number): string | null {
  if (to !== "firing" && to !== "resolved") return null;
  const { rule, severity, annotations } = alert;
  const time = new Date(now).toISOString();
  const level = to === "firing" ? "WARN" : "INFO";
  return JSON.stringify({
    time,
    level,
    type: "alert",
    state: to,
    rule,
    severity,
    summary: annotations["summary"] ?? "",
    ...annotations["summaryJa"] === undefined ? {} : { ja: { summary: annotations["summaryJa"] } },
  });
}

/** Append a line to the journal. A failure causes only a warning, so that an alert about a full disk is still sent. */
function appendToJournal(
  line: string,
  { logs, onWarning }: { readonly logs: string; readonly onWarning: (message: string) => void },
): void {
  const path = join(logs, MONITOR_JOURNAL_NAME);
  try {
    ensurePrivateFolder(logs, { marker: METRIC_JOURNAL_NAME });
    using log = new LogWriter(path, { rotation: { maxBytes: MAX_JOURNAL_BYTES, keep: 1 } });
    log.append(line);
  } catch (error) {
    onWarning(`Cannot write "${path}": ${error instanceof Error ? error.message : error}`);
  }
}

function reportEvent(
  event: AlertEvent,
  say: { readonly onWarning: (message: string) => void; readonly log: (text: string) => void },
): void {
  if (event.type !== "change" && event.type !== "sent") say.onWarning(event.message);
  if (event.type !== "change") return;
  const { from, to, alert } = event.change;
  say.log(`${alert.rule}: ${from} → ${to}: ${alert.annotations["summary"] ?? ""}`);
}
