import type { Notification } from "./delivery/notification.ts";

/** Find the urgency of a notification: the highest severity among its firing alerts, or `resolved` if none fires. */
export function severityOf({ status, alerts }: Notification): "critical" | "warning" | "other" | "resolved" {
  if (status === "resolved") return "resolved";
  const firing = alerts.filter((alert) => alert.status === "firing").map((alert) => alert.labels["severity"]);
  if (firing.includes("critical")) return "critical";
  return firing.includes("warning") ? "warning" : "other";
}
