/**
 * Alerting for any program: rules on metrics, alert state that survives a restart, grouping, repetition, silences, and
 * receivers that are configured by URL. Does not depend on Civitai.
 *
 * Runs in Deno, in Node 22 and later, and in Bun, except for what uses files and programs of this machine: `AlertStore`
 * and `AlertManager`, and the receivers `file:`, `desktop:` and `stdout:`, need Deno. So does a receiver with a
 * certificate authority of its own.
 *
 * @module
 */
export type { AlertChange, AlertStage } from "./states/alert_change.ts";
export { ConfigError, type ConfigMistake } from "../config/mod.ts";
export type { AlertEvent } from "./alert_event.ts";
export { AlertManager, type AlertTick, type AlertTickOptions } from "./alert_manager.ts";
export type { AlertAnnotations, AlertRule, CompareOperator, NoDataPolicy } from "./alert_rule.ts";
export {
  type AlertEnd,
  type AlertState,
  type Delivery,
  type DeliveryTrouble,
  EMPTY_ALERT_STATE,
  type NotificationGroup,
  type Silence,
  type TrackedAlert,
} from "./states/alert_state.ts";
export {
  type AlertStatus,
  alertStatus,
  type AlertStatusEntry,
  listSilences,
  listUndelivered,
  type SilenceStatus,
  type UndeliveredNotification,
} from "./alert_status.ts";
export type { Mute } from "./delivery/find_mute.ts";
export { AlertStore } from "./states/alert_store.ts";
export type { AlertsConfig } from "./alerts_config.ts";
export type { KnownMetrics } from "./config/compile_rule.ts";
export { alertsJsonSchema } from "./config/alerts_json_schema.ts";
export { dispatch, type DispatchOptions, type DispatchResult } from "./delivery/dispatch.ts";
export { evaluateRules, type Evaluation } from "./rules/evaluate_rules.ts";
export { type Heartbeat, type HeartbeatOptions, openHeartbeat } from "./delivery/heartbeat.ts";
export type { MetricPeriod, MetricReading } from "../metrics/mod.ts";
export type { MetricSource } from "./rules/metric_source.ts";
export type { Notification, NotifiedAlert } from "./receivers/notification.ts";
export { alertsFile, formatAlertState, parseAlertState } from "./states/parse_alert_state.ts";
export { parseAlertsConfig, type ParseAlertsConfigOptions } from "./config/parse_alerts_config.ts";
export { findReceiverSecrets } from "./receivers/find_receiver_secrets.ts";
export { parseReceiverUrl } from "./receivers/parse_receiver_url.ts";
export type { DueNotification } from "./delivery/plan_notifications.ts";
export type { Receiver, ReceiverOptions, RunProgram } from "./receivers/receiver.ts";
export {
  type RenderedNotification,
  renderNotification,
  type RenderNotificationOptions,
} from "./receivers/render_notification.ts";
export type { Severity } from "./severity.ts";
export { splitAlertName } from "./states/alert_name.ts";
export { addSilence, expireSilence } from "./states/change_silences.ts";
export { toWebhookPayload, type WebhookAlert, type WebhookPayload } from "./receivers/webhook_payload.ts";
