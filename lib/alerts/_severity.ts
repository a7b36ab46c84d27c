import type { Notification } from "./delivery/notification.ts";

/** How urgent a notification is: the worst severity that fires, or that all is over. */
export function severityOf({ status, alerts }: Notification): "critical" | "warning" | "other" | "resolved" {
  if (status === "resolved") return "resolved";
  const firing = alerts.filter((alert) => alert.status === "firing").map((alert) => alert.labels["severity"]);
  if (firing.includes("critical")) return "critical";
  return firing.includes("warning") ? "warning" : "other";
}
