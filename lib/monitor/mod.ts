/**
 * Monitor downloads from outside the downloader: ticks without drift, a log follower that survives rotation and
 * restarts, issues that are classified and reported once, systemd notifications, the state as a JSON document, and the
 * files of a live page.
 *
 * @module
 */
export { shortenTimes } from "./status/shorten_times.ts";
export { followFile, type FollowState } from "./status/follow_state.ts";
export type { Issue } from "./issue.ts";
export { LibraryObserver, type LibraryOutlook } from "./library/observe_library.ts";
export type { MetricTable } from "./library/library_gauges.ts";
export { LibraryMetrics, type LibraryMetricsOptions, type LibraryWatchers } from "./library/library_metrics.ts";
export { openAlerts, type OpenAlertsOptions, type OpenedAlerts } from "./alerts/open_alerts.ts";
export { type MonitorChecks, unknownChecks } from "./monitor_checks.ts";
export type { OpenMonitorLogOptions } from "./log/open_monitor_log.ts";
export { type Monitor, type MonitorAudience, openMonitor, type OpenMonitorOptions } from "./open_monitor.ts";
export { judgeReserve } from "./library/judge_reserve.ts";
export { LogWatch, type LogWatchOptions } from "./log/log_watch.ts";
export { stampOfCatalog } from "./library/catalog_stamp.ts";
export type { CheckOptions, MonitorHalf, MonitorHeartbeat, MonitorWork } from "./monitor_work.ts";
export { type ActiveProcess, findSlowHosts, readActive, type SlowHost } from "./library/read_active.ts";
export { recognizeIssue } from "./log/recognize_issue.ts";
export { type MonitorSummary, runMonitor, type RunMonitorOptions } from "./run_monitor.ts";
export { runMonitorOnce, type RunMonitorOnceOptions } from "./run_monitor_once.ts";
export { SdNotifier } from "./sd_notify.ts";
export { type SaidFinding, type SaidRow, type SaidStatus, sayStatus } from "./status/say_status.ts";
export type { StatusKey, StatusLimits, StatusReport } from "./status/status_report.ts";
export { joinHosts, longestSilence } from "./status/status_builder.ts";
export type {
  ReserveReached,
  StatusAlert,
  StatusBreaker,
  StatusChecks,
  StatusCurrentRun,
  StatusDamage,
  StatusDisk,
  StatusDocument,
  StatusDownload,
  StatusEngineMode,
  StatusEvent,
  StatusFailingCheck,
  StatusFailure,
  StatusFailureGroup,
  StatusGone,
  StatusLastRun,
  StatusLibrary,
  StatusModeName,
  StatusRun,
  StatusSource,
  StatusThroughput,
  StatusTone,
} from "../status/mod.ts";
export type { StatusHealth, StatusSources } from "./status/status_sources.ts";
export { checksFile, checksFileOf, readChecks } from "./status/checks_state.ts";
export type { MonitorStatusOptions, StatusHistory, StatusMetrics } from "./status/monitor_status.ts";
export { StatusReader, type StatusReaderOptions } from "./status_reader.ts";
export { type WatchedStatus, watchStatus, type WatchStatusOptions } from "./watch_status.ts";
export { limitRepeats, saySuppressed } from "./limit_repeats.ts";
