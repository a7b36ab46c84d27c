import type { AlertGroup } from "./group_alerts.ts";
import type { TrackedAlert } from "../states/alert_state.ts";
import type { Notification, NotifiedAlert } from "./notification.ts";

/** Maximum number of alerts in a notification. No service displays more, and a longer message might be rejected. */
const MAX_ALERTS = 100;

/** Build the notification of a group: firing alerts first, then resolved ones. */
export function makeNotification(
  group: Pick<AlertGroup, "key" | "receiver" | "labels">,
  firing: readonly TrackedAlert[],
  resolved: readonly TrackedAlert[],
): Notification {
  const all = [
    ...firing.map((alert) => toNotifiedAlert(alert, "firing")),
    ...resolved.map((alert) => toNotifiedAlert(alert, "resolved")),
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

function toNotifiedAlert(alert: TrackedAlert, status: "firing" | "resolved"): NotifiedAlert {
  const { labels, firedAt, activeAt, resolvedAt, fingerprint } = alert;
  const { value, annotations } = status === "resolved" ? alert.end ?? alert : alert;
  return {
    status,
    labels,
    annotations,
    value,
    fingerprint,
    startsAt: firedAt ?? activeAt,
    // An alert that fires has no such time; one that has ended and is sent late as firing has.
    endsAt: resolvedAt,
  };
}
