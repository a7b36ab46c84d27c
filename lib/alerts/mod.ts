/**
 * Alerts for any program: rules on metrics, states that outlive a restart, grouping, repeating, inhibition, silences,
 * service levels, tests of rules, and receivers by URL. Knows nothing of Civitai.
 *
 * @module
 */
export * from "./alert_change.ts";
export * from "./alert_config_error.ts";
export * from "./alert_event.ts";
export * from "./alert_fingerprint.ts";
export * from "./alert_manager.ts";
export * from "./alert_rule.ts";
export * from "./alert_state.ts";
export * from "./alert_status.ts";
export * from "./alert_store.ts";
export * from "./alerts_config.ts";
export * from "./alerts_json_schema.ts";
export * from "./announcement.ts";
export * from "./decode_alerts_file.ts";
export * from "./dispatch.ts";
export * from "./evaluate_rules.ts";
export * from "./explain_rule.ts";
export * from "./export_prometheus_rules.ts";
export * from "./format_metric_value.ts";
export * from "./heartbeat.ts";
export * from "./label_matcher.ts";
export * from "./mark_sent.ts";
export type { MetricReading } from "../metrics/mod.ts";
export * from "./metric_source.ts";
export * from "./metric_unit.ts";
export * from "./max_alerts_file_bytes.ts";
export * from "./notification.ts";
export * from "./parse_alert_state.ts";
export * from "./parse_alerts_config.ts";
export * from "./parse_label_matcher.ts";
export * from "./parse_metric_value.ts";
export * from "./parse_receiver_url.ts";
export * from "./parse_rule_tests.ts";
export * from "./plan_notifications.ts";
export * from "./receiver.ts";
export * from "./render_notification.ts";
export * from "./rule_tests.ts";
export * from "./run_rule_tests.ts";
export * from "./severity.ts";
export * from "./silence.ts";
export * from "./webhook_payload.ts";
