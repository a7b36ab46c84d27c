import type { AlertGroup } from "./group_alerts.ts";
import type { TrackedAlert } from "../states/alert_state.ts";
import type { Notification, NotifiedAlert } from "./notification.ts";

/** Alerts in a notification at most: no service shows more, and every service must accept the message. */
const MAX_ALERTS = 100;

/** Build the notification of a group: alerts that fire first, then those that ended. */
export function makeNotification(
  group: Pick<AlertGroup, "key" | "receiver" | "labels">,
  firing: readonly TrackedAlert[],
  ended: readonly TrackedAlert[],
): Notification {
  const all = [
    ...firing.map((alert) => notified(alert, "firing")),
    ...ended.map((alert) => notified(alert, "resolved")),
  ];
  return {
    receiver: group.receiver,
    status: firing.length > 0 ? "firing" : "resolved",
    groupKey: group.key,
    groupLabels: group.labels,
    alerts: all.slice(0, MAX_ALERTS),
    truncated: Math.max(0, all.length - MAX_ALERTS),
  };
}

function notified(alert: TrackedAlert, status: "firing" | "resolved"): NotifiedAlert {
  const { labels, annotations, firedAt, activeAt, resolvedAt, value, fingerprint } = alert;
  return {
    status,
    labels,
    annotations,
    value,
    fingerprint,
    startsAt: firedAt ?? activeAt,
    endsAt: status === "firing" ? null : resolvedAt,
  };
}
