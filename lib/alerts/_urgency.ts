import type { Notification } from "./receivers/notification.ts";

/**
 * Find the urgency of a notification: the highest severity among its firing alerts, or `resolved` if none fires now,
 * also if it says so late.
 */
export function urgencyOf({ status, alerts }: Notification): "critical" | "warning" | "other" | "resolved" {
  const now = alerts.filter((alert) => alert.status === "firing" && alert.endsAt === null);
  if (status === "resolved" || now.length === 0) return "resolved";
  const firing = now.map((alert) => alert.labels["severity"]);
  if (firing.includes("critical")) return "critical";
  return firing.includes("warning") ? "warning" : "other";
}
