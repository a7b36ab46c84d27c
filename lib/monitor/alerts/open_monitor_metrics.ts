import { join } from "node:path";
import type { AlertChange } from "../../alerts/mod.ts";
import { ensurePrivateFolder, messageOf, systemClock } from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import {
  METRIC_JOURNAL_NAME,
  type MetricReport,
  MetricTotals,
  withHelp,
  writeMetricReport,
} from "../../metrics/mod.ts";
import { type LibraryWatchers, REPORT_MS } from "../library/library_metrics.ts";
import { MONITOR_JOURNAL_NAME } from "../log/open_monitor_log.ts";
import type { MonitorChecks } from "../monitor_checks.ts";
import type { MonitorWork } from "../monitor_work.ts";
import type { StatusMetrics } from "../status/monitor_status.ts";
import { openAlerts, type OpenAlertsOptions } from "./open_alerts.ts";
import { renderStatusMetrics } from "./render_status_metrics.ts";

/** The part of a monitor that collects metrics, evaluates the rules and notifies the receivers. */
export interface MonitorMetrics extends Pick<MonitorWork, "collect" | "evaluate">, StatusMetrics, AsyncDisposable {
  /** The latest report in Prometheus' text format; empty before the first. */
  readonly text: () => string;
}

const MAX_JOURNAL_BYTES = 1024 * 1024;
const CHECKS_METRIC = "health_check_failing";
/** Number of reports to keep: one per minute for a day. */
const KEEP_REPORTS = 1440;

/** Options of {@linkcode openMonitorMetrics}. */
export interface OpenMonitorMetricsOptions extends Omit<OpenAlertsOptions, "watch" | "onLine" | "readOther"> {
  readonly watch: LibraryWatchers;
  /** What doctor finds. */
  readonly checks: Pick<MonitorChecks, "gauge" | "read">;
  /** How long a tick waits for the receivers, in milliseconds. */
  readonly receiversMs: number;
  /** Called with each line of the monitor's own journal. */
  readonly onAlertLine: (line: string) => void;
}

/**
 * Open rules, metrics and receivers.
 *
 * @returns The part; disposal waits a little for notifications under way
 */
export async function openMonitorMetrics(options: OpenMonitorMetricsOptions): Promise<MonitorMetrics> {
  const { logs, table, checks, receiversMs, onWarning, onEvent, onAlertLine } = options;
  // Starts at 0: otherwise a scraper would count earlier events again after each start of the monitor.
  const totals = new MetricTotals();
  const { metrics, manager } = await openAlerts({
    ...options,
    onLine: (line) => totals.add(line),
    // The checks are read from the part that runs them, which also knows what they found.
    readOther: (metric) => metric === CHECKS_METRIC ? checks.read() : undefined,
    onEvent(event) {
      onEvent(event);
      if (event.type !== "change") return;
      const line = alertLine(event.change, systemClock.now());
      if (line === null) return;
      onAlertLine(line);
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
      renderStatusMetrics({
        report,
        alerts: manager.status(),
        totals: withHelp(totals.families(), table.definitions),
      }),
    async collect(now) {
      await metrics.refresh(now, { checks: checks.gauge });
      report = metrics.report({ windowMs: REPORT_MS, now });
      // While no run writes anything, reports say nothing new, and the disk may sleep.
      const isIdle = report.lines === 0;
      if (isIdle && isWrittenIdle) return;
      await writeMetricReport(logs, report, { keep: KEEP_REPORTS });
      isWrittenIdle = isIdle;
    },
    // A receiver that hangs must delay neither the page nor the next evaluation.
    evaluate: (now) => manager.tick(now, { waitMs: receiversMs }),
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
    onWarning(`Cannot write "${path}": ${messageOf(error)}`);
  }
}
