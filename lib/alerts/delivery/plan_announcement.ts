import { findSilence } from "./find_mute.ts";
import { routeOf } from "./group_alerts.ts";
import { alertFingerprint } from "../states/alert_fingerprint.ts";
import type { AlertState } from "../states/alert_state.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import type { Announcement } from "./announcement.ts";
import type { Notification } from "./notification.ts";

/** Build the notification of an announcement; `null` if a silence matches, or its route has no receiver. */
export function planAnnouncement(
  { labels, annotations }: Announcement,
  context: { readonly state: AlertState; readonly config: Pick<AlertsConfig, "routes">; readonly now: number },
): Notification | null {
  const { state, config, now } = context;
  const { receiver } = routeOf(labels, config);
  if (receiver === "" || findSilence(labels, state, now) !== undefined) return null;
  const fingerprint = alertFingerprint(labels);
  return {
    receiver,
    status: "firing",
    groupKey: `${receiver}:news:${fingerprint}:${now}`,
    groupLabels: labels,
    alerts: [{ status: "firing", labels, annotations, startsAt: now, endsAt: null, value: null, fingerprint }],
    truncated: 0,
  };
}
