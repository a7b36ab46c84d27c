/**
 * Alerting for any Deno program: rules on metrics, alert state that survives a restart, grouping, repetition,
 * inhibition, silences, service levels, rule tests, and receivers that are configured by URL. Does not depend on
 * Civitai.
 *
 * @module
 */
export * from "./states/alert_change.ts";
export { ConfigError, type ConfigMistake } from "../config/mod.ts";
export * from "./alert_event.ts";
export * from "./states/alert_fingerprint.ts";
export * from "./alert_manager.ts";
export * from "./rules/alert_rule.ts";
export * from "./states/alert_state.ts";
export * from "./alert_status.ts";
export * from "./states/alert_store.ts";
export * from "./config/alerts_config.ts";
export * from "./config/alerts_json_schema.ts";
export * from "./delivery/announcement.ts";
export * from "./delivery/dispatch.ts";
export * from "./rules/evaluate_rules.ts";
export * from "./rules/explain_rule.ts";
export * from "./rules/export_prometheus_rules.ts";
export * from "./rules/format_metric_value.ts";
export * from "./delivery/heartbeat.ts";
export * from "./rules/label_matcher.ts";
export * from "./delivery/mark_sent.ts";
export type { MetricReading } from "../metrics/mod.ts";
export * from "./rules/metric_source.ts";
export * from "./rules/metric_unit.ts";
export * from "./delivery/notification.ts";
export * from "./states/parse_alert_state.ts";
export * from "./config/parse_alerts_config.ts";
export * from "./rules/parse_label_matcher.ts";
export * from "./rules/parse_metric_value.ts";
export * from "./receivers/parse_receiver_url.ts";
export * from "./rules/parse_rule_tests.ts";
export * from "./delivery/plan_notifications.ts";
export * from "./receivers/receiver.ts";
export * from "./receivers/render_notification.ts";
export * from "./rules/rule_tests.ts";
export * from "./rules/run_rule_tests.ts";
export * from "./severity.ts";
export * from "./delivery/silence.ts";
export * from "./receivers/webhook_payload.ts";
export * from "./rules/journal_source.ts";
export * from "./rules/prometheus_metrics.ts";
