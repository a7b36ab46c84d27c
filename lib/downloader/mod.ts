/**
 * Plan what to fetch, and fetch it. This is the only module that combines civitai, transfer, library, failsafe and
 * metrics.
 *
 * @module
 */
export { type DayLimits, parseDayLimits } from "../base/mod.ts";
export * from "./watch/active_snapshot.ts";
export * from "./choice.ts";
export * from "./plan/choose_files.ts";
export * from "./plan/choose_named_file.ts";
export * from "./plan/choose_versions.ts";
export * from "./fetch/count_outcomes.ts";
export * from "./quota/day_quota.ts";
export * from "./quota/day_quota_error.ts";
export * from "./download.ts";
export * from "./watch/download_event.ts";
export * from "./fetch/engine_mode.ts";
export * from "./watch/download_instruments.ts";
export * from "./watch/download_meter.ts";
export * from "./watch/event_log.ts";
export * from "./plan/explain_nothing.ts";
export { type ExpectedRequests, type Pace } from "./plan/expect_requests.ts";
export * from "./watch/failure_hints.ts";
export type { FetchContext, FetchOptions } from "./fetch/fetch_context.ts";
export * from "./fetch/fetch_item.ts";
export * from "./flagged_files.ts";
export * from "./fetch/host_gate.ts";
export * from "./plan/find_refused_targets.ts";
export * from "./plan/judge_access.ts";
export * from "./fetch/link_store.ts";
export * from "./list_library.ts";
export * from "./watch/metric_definitions.ts";
export * from "./move_catalog_aside.ts";
export * from "./naming.ts";
export * from "./quota/open_day_quota.ts";
export * from "./open_engine.ts";
export * from "./open_library_failsafe.ts";
export * from "./fetch_models.ts";
export * from "./open_library.ts";
export * from "./fetch/paused_error.ts";
export * from "./plan/plan_context.ts";
export * from "./plan/plan_images.ts";
export * from "./plan/plan_item.ts";
export * from "./plan/plan_model.ts";
export * from "./plan/plan_report.ts";
export * from "./plan/plan_targets.ts";
export * from "./watch/progress.ts";
export * from "./quota/quota_window.ts";
export * from "./rebuild/rebuild_catalog.ts";
export * from "./watch/record_failsafe.ts";
export * from "./watch/record_process.ts";
export * from "./plan/reach_of_failure.ts";
export * from "./verify/repair_library.ts";
export * from "./watch/route_of.ts";
export * from "./fetch/run_queue.ts";
export * from "./fetch/run_summary.ts";
export * from "./plan/service_watch.ts";
export * from "./settle_layout.ts";
export * from "./fetch/target_of.ts";
export * from "./watch/to_event_item.ts";
export * from "./verify/verify_library.ts";
export * from "./sidecars/write_images_metadata.ts";
export * from "./sidecars/write_item_sidecars.ts";
