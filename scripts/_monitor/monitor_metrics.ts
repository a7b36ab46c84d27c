import { join } from "node:path";
import type { AlertChange, AlertStatus } from "../../lib/alerts/mod.ts";
import { ensurePrivateFolder, systemClock } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { LogWriter } from "../../lib/journal/mod.ts";
import type { LibraryPresence } from "../../lib/library/mod.ts";
import type { MonitorFlags } from "./monitor_flags.ts";
import { DOWNLOAD_METRICS } from "../../lib/downloader/mod.ts";
import {
  METRIC_JOURNAL_NAME,
  type MetricFamily,
  type MetricReport,
  MetricTotals,
  renderPrometheus,
  reportSnapshot,
  withHelp,
  writeMetricReport,
} from "../../lib/metrics/mod.ts";
import { type LibraryObserver, limitRepeats, MONITOR_JOURNAL_NAME, type MonitorWork } from "../../lib/monitor/mod.ts";
import { openAlerts, REPORT_MS } from "../_alerts/open_alerts.ts";
import type { MonitorChecks } from "./monitor_checks.ts";

/** The part of a monitor that collects metrics, evaluates the rules and notifies the receivers. */
export interface MonitorMetrics extends Pick<MonitorWork, "collect" | "evaluate">, AsyncDisposable {
  /** The latest report; `undefined` before the first. */
  readonly report: MetricReport | undefined;
  /** Alerts and undelivered notifications at the last evaluation. */
  readonly alerts: () => Pick<AlertStatus, "alerts" | "undelivered">;
  /** The latest report in Prometheus' text format; empty before the first. */
  readonly text: () => string;
}

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
  const { logs } = flags;
  const onWarning = limitRepeats((message) => display.notice(`warning: ${message}`));
  // Starts at 0: otherwise a scraper would count earlier events again after each start of the monitor.
  const totals = new MetricTotals();
  const { metrics, manager } = await openAlerts(context, {
    watch: { observer, presence },
    language: "en",
    onWarning,
    onLine: (line) => totals.add(line),
    // The checks are read from the part that runs them, which also knows what they found.
    readOther: (metric) => metric === CHECKS_METRIC ? checks.read() : undefined,
    onChange(change) {
      const line = alertLine(change, systemClock.now());
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
      await metrics.refresh(now, { checks: checks.gauge });
      report = metrics.report({ windowMs: REPORT_MS, now });
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
