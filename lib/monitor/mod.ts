/**
 * Watch over downloads from beside them: ticks that do not drift, a log that is followed over rotation and restarts,
 * trouble named and told once, the service manager, the state as a document, a server that tells it, and a live page.
 *
 * @module
 */
export * from "./failure_remedies.ts";
export * from "./follow_state.ts";
export * from "./handle_issue.ts";
export * from "./issue.ts";
export * from "./issue_router.ts";
export * from "./line_meanings.ts";
export * from "./live_page.ts";
export * from "./log_follower.ts";
export * from "./log_history.ts";
export * from "./log_watch.ts";
export * from "./monitor_parts.ts";
export * from "./parse_listen.ts";
export * from "./read_active.ts";
export * from "./read_mode_change.ts";
export * from "./recent_events.ts";
export * from "./recent_failures.ts";
export * from "./recognize_issue.ts";
export * from "./run_monitor.ts";
export * from "./run_monitor_once.ts";
export * from "./sd_notify.ts";
export * from "./serve_status.ts";
export * from "./status_builder.ts";
export * from "./status_document.ts";
export * from "./status_server.ts";
export * from "./steady_ticker.ts";
export * from "./throughput_history.ts";
