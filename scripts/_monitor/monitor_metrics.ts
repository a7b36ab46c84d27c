import { join } from "node:path";
import {
  type AlertChange,
  type AlertEvent,
  AlertManager,
  type AlertStatusEntry,
  type Announcement,
  openHeartbeat,
} from "../../lib/alerts/mod.ts";
import { ensurePrivateFolder, existingFolder, machineName, systemClock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { LogWriter } from "../../lib/journal/mod.ts";
import type { MonitorFlags } from "./monitor_flags.ts";
import { DISK_METRIC, DOWNLOAD_DERIVED, DOWNLOAD_METRICS, downloadMetric } from "../../lib/downloader/mod.ts";
import {
  collectMetrics,
  METRIC_JOURNAL_NAME,
  type MetricReport,
  MetricTotals,
  renderPrometheus,
  reportSnapshot,
  withHelp,
  writeMetricReport,
} from "../../lib/metrics/mod.ts";
import { type LoggedModeChange, type MonitorHeartbeat, type MonitorParts, sayRarely } from "../../lib/monitor/mod.ts";
import {
  alertsStatePath,
  ENGINE_MODE_ALERT,
  openAlertSource,
  openReceivers,
  readAlertsConfig,
  rulesEnv,
} from "../_alerts/read_alerts.ts";
import { MONITOR_JOURNAL_NAME } from "./monitor_log.ts";
import { readLibrary } from "../_frame/session.ts";

/** The half of a monitor that measures, evaluates and tells. */
export interface MonitorMetrics extends Pick<MonitorParts, "collect" | "evaluate">, AsyncDisposable {
  /** Tell of a change of the engine's mode; nobody waits for it but the end. */
  readonly announceMode: (change: LoggedModeChange) => void;
  /** What was measured last; `undefined` before that. */
  readonly report: MetricReport | undefined;
  /** How the alerts stand since the last evaluation. */
  readonly alerts: () => readonly AlertStatusEntry[];
  /** What was measured last, as Prometheus' text. */
  readonly text: () => string;
  /** The dead man's switch of the configuration, and how often it wants to hear of us; `null` if there is none. */
  readonly heartbeat: { readonly heartbeat: MonitorHeartbeat; readonly everyMs: number } | null;
}

/** So far back do reports look, as those of `collect-metrics`. */
const WINDOW_MS = 300_000;
const MAX_JOURNAL_BYTES = 1024 * 1024;
/** A day of one a minute. */
const KEEP_REPORTS = 1440;

/**
 * Open rules, metrics and receivers.
 *
 * @param context Flags and display
 * @param options Told of each line that is written into the monitor's own journal
 * @returns The half
 * @throws {KitError} `usage` for rules that cannot be used
 */
export async function openMonitorMetrics(
  context: CommandContext<MonitorFlags>,
  options: { readonly onAlertLine?: (line: string) => void } = {},
): Promise<MonitorMetrics> {
  const { flags, display } = context;
  const logs = flags.logs;
  const library = readLibrary(flags);
  const env = rulesEnv(context);
  const config = await readAlertsConfig(context, { env, heartbeatEnv: env });
  const onWarning = sayRarely((message) => display.notice(`warning: ${message}`));
  // What was before the monitor would be counted again by a scraper each time that it is started.
  const totals = new MetricTotals();
  const source = openAlertSource(config, flags, { onWarning, onLine: (line) => totals.add(line) });
  const manager = await AlertManager.open({
    config,
    source,
    statePath: alertsStatePath(flags),
    receivers: openReceivers(config, context),
    origin: { machine: machineName(), library },
    onEvent(event) {
      tell(event, { onWarning, log: (text) => display.log(text) });
      if (event.type !== "change") return;
      const line = alertLine(event.change, systemClock.now());
      if (line === null) return;
      options.onAlertLine?.(line);
      writeDown(line, { logs, onWarning });
    },
  });
  const spec = config.heartbeat;
  let report: MetricReport | undefined;
  const telling = new Set<Promise<unknown>>();
  return {
    get report() {
      return report;
    },
    alerts: () => manager.status().alerts,
    announceMode(change) {
      const told: Promise<unknown> = manager.announce(newsOf(change))
        .catch((error) => onWarning(error instanceof Error ? error.message : String(error)))
        .finally(() => telling.delete(told));
      telling.add(told);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(telling);
    },
    text: () =>
      report === undefined ? "" : renderPrometheus({
        families: [...reportSnapshot(report, "civitai_dl").families, ...withHelp(totals.families(), DOWNLOAD_METRICS)],
      }),
    heartbeat: spec === null ? null : {
      heartbeat: openHeartbeat(spec.url, { env, onFailure: (error) => onWarning(error.message) }),
      everyMs: spec.everyMs,
    },
    async collect(now) {
      await source.refresh(now);
      report = await collectMetrics({
        folder: logs,
        windowMs: WINDOW_MS,
        definitions: DOWNLOAD_METRICS,
        derived: DOWNLOAD_DERIVED,
        disk: { path: await existingFolder(library), gauge: downloadMetric(DISK_METRIC) },
      });
      await writeMetricReport(logs, report, { keep: KEEP_REPORTS });
    },
    evaluate: (now) => manager.tick(now, { isForced: flags.once }),
  };
}

/** An alert that began or is over, as a line of the journal; what only waits is no news. */
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
  });
}

/** A disk that is full takes no line, and the alert about it is told all the same. */
function writeDown(
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

/** A pause wants a person; every other step is told. */
function newsOf({ from, to, reason }: LoggedModeChange): Announcement {
  return {
    labels: { alertname: ENGINE_MODE_ALERT, severity: to === "paused" ? "critical" : "warning", from, to },
    annotations: {
      summary: `The engine went from ${from} to ${to}: ${reason}`,
      remedy: to === "paused"
        ? "Look at the network and the disk; civitai-dl failsafe reset ends the pause at once"
        : "Nothing: the engine speeds up by itself when the trouble is over",
      runbook: "docs/runbook.md#engine-mode",
    },
  };
}

function tell(
  event: AlertEvent,
  say: { readonly onWarning: (message: string) => void; readonly log: (text: string) => void },
): void {
  if (event.type === "failed" || event.type === "warning") say.onWarning(event.message);
  if (event.type !== "change") return;
  const { from, to, alert } = event.change;
  say.log(`${alert.rule}: ${from} → ${to}: ${alert.annotations["summary"] ?? ""}`);
}
