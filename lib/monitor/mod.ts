/**
 * Monitor downloads from outside the downloader: ticks without drift, a log follower that survives rotation and
 * restarts, issues that are classified and reported once, systemd notifications, the state as a JSON document, an HTTP
 * server for it, and a live page.
 *
 * @module
 */
export * from "./log/failure_remedies.ts";
export * from "./status/follow_state.ts";
export * from "./log/handle_issue.ts";
export * from "./log/issue.ts";
export * from "./log/issue_router.ts";
export * from "./log/line_meanings.ts";
export * from "./server/live_page.ts";
export * from "./log/log_follower.ts";
export * from "./log/log_history.ts";
export * from "./log/log_watch.ts";
export * from "./monitor_parts.ts";
export * from "./server/parse_listen.ts";
export * from "./status/read_active.ts";
export * from "./status/read_mode_change.ts";
export * from "./status/recent_events.ts";
export * from "./status/recent_failures.ts";
export * from "./log/recognize_issue.ts";
export * from "./run_monitor.ts";
export * from "./run_monitor_once.ts";
export * from "./sd_notify.ts";
export * from "./server/serve_status.ts";
export * from "./status/status_builder.ts";
export * from "./status/status_document.ts";
export * from "./server/status_server.ts";
export * from "./steady_ticker.ts";
export * from "./status/throughput_history.ts";
export * from "./say_rarely.ts";
