import type { AlertState, TrackedAlert } from "../states/alert_state.ts";
import type { AlertsConfig } from "../alerts_config.ts";

/** Alerts that are sent together. */
export interface AlertGroup {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How long a new group waits for more alerts before its first notification, in milliseconds. */
  readonly waitMs: number;
  /** How long a group waits before it is checked for changes again, in milliseconds. */
  readonly intervalMs: number;
  readonly alerts: readonly TrackedAlert[];
}

/**
 * How long a group of critical alerts waits before it is checked again: less than the time between two evaluations of
 * a monitor, so that an end is sent at once, and long enough that a value around its limit does not send many messages.
 */
const URGENT_INTERVAL_MS = 15_000;

/** Group alerts: critical ones by their rule, which are sent at once; the others by severity, which wait for a batch. */
export function groupAlerts(
  { alerts }: Pick<AlertState, "alerts">,
  { groupWaitMs }: Pick<AlertsConfig, "groupWaitMs">,
): readonly AlertGroup[] {
  const groups = Map.groupBy(Object.values(alerts), (alert) => JSON.stringify(groupLabels(alert)));
  return [...groups].map(([key, alerts]) => ({
    key,
    labels: groupLabels(alerts[0]!),
    alerts,
    ...isUrgent(alerts[0]!)
      ? { waitMs: 0, intervalMs: URGENT_INTERVAL_MS }
      : { waitMs: groupWaitMs, intervalMs: groupWaitMs },
  }));
}

function isUrgent({ severity }: TrackedAlert): boolean {
  return severity === "critical";
}

function groupLabels(alert: TrackedAlert): Readonly<Record<string, string>> {
  return isUrgent(alert) ? { alertname: alert.rule } : { severity: alert.severity };
}

/** Whether an alert fired and ended, even if it is pending again. */
export function isEnded(alert: TrackedAlert): boolean {
  return alert.state === "resolved" || (alert.state === "pending" && alert.resolvedAt !== null);
}
