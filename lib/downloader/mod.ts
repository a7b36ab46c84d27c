/**
 * Plan what to fetch, then fetch it: the one place where civitai, transfer, library, failsafe and metrics meet.
 *
 * @module
 */
export { type DayLimits, parseDayLimits } from "../base/mod.ts";
export * from "./active_snapshot.ts";
export * from "./choice.ts";
export * from "./choose_files.ts";
export * from "./choose_named_file.ts";
export * from "./choose_versions.ts";
export * from "./count_outcomes.ts";
export * from "./day_quota.ts";
export * from "./day_quota_error.ts";
export * from "./download.ts";
export * from "./download_event.ts";
export * from "./engine_mode.ts";
export * from "./download_instruments.ts";
export * from "./download_meter.ts";
export * from "./event_log.ts";
export * from "./explain_nothing.ts";
export * from "./failure_hints.ts";
export * from "./fetch_context.ts";
export * from "./fetch_item.ts";
export * from "./flagged_files.ts";
export * from "./host_gate.ts";
export * from "./find_refused_targets.ts";
export * from "./judge_access.ts";
export * from "./link_store.ts";
export * from "./list_library.ts";
export * from "./metric_definitions.ts";
export * from "./move_catalog_aside.ts";
export * from "./naming.ts";
export * from "./open_day_quota.ts";
export * from "./open_library.ts";
export * from "./paused_error.ts";
export * from "./plan_context.ts";
export * from "./plan_images.ts";
export * from "./plan_item.ts";
export * from "./plan_model.ts";
export * from "./plan_report.ts";
export * from "./plan_targets.ts";
export * from "./progress.ts";
export * from "./quota_window.ts";
export * from "./rebuild_catalog.ts";
export * from "./record_failsafe.ts";
export * from "./record_process.ts";
export * from "./reach_of_failure.ts";
export * from "./repair_library.ts";
export * from "./route_of.ts";
export * from "./run_queue.ts";
export * from "./run_summary.ts";
export * from "./service_watch.ts";
export * from "./settle_layout.ts";
export * from "./target_of.ts";
export * from "./to_event_item.ts";
export * from "./verify_library.ts";
export * from "./write_images_metadata.ts";
export * from "./write_item_sidecars.ts";
