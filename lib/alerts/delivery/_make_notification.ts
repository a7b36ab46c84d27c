import type { AlertGroup } from "./group_alerts.ts";
import type { TrackedAlert } from "../states/alert_state.ts";
import type { Notification, NotifiedAlert } from "../receivers/notification.ts";

/** Build the notification of a group: firing alerts first, then resolved ones. */
export function makeNotification(
  group: Pick<AlertGroup, "key" | "labels">,
  firing: readonly TrackedAlert[],
  resolved: readonly TrackedAlert[],
): Notification {
  return {
    status: firing.length > 0 ? "firing" : "resolved",
    groupKey: group.key,
    groupLabels: group.labels,
    alerts: [
      ...firing.map((alert) => toNotifiedAlert(alert, "firing")),
      ...resolved.map((alert) => toNotifiedAlert(alert, "resolved")),
    ],
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
