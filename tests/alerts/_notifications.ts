import type { Notification, NotifiedAlert } from "../../lib/alerts/mod.ts";

/** Midnight, the start of all alerts in tests. */
export const START = Date.UTC(2026, 0, 1);

/** A firing alert. */
export function alertOf(overrides: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    status: "firing",
    labels: { alertname: "timeout_rate", severity: "critical", host: "storage.example" },
    annotations: { summary: "2.1 % of downloads time out", runbook: "https://docs.example/runbook#timeouts" },
    startsAt: START,
    endsAt: null,
    value: 0.021337,
    fingerprint: "00000000000000a1",
    ...overrides,
  };
}

/** A notification with one alert. */
export function notificationOf(overrides: Partial<Notification> = {}): Notification {
  return {
    status: "firing",
    groupKey: '{}:{alertname="timeout_rate"}',
    groupLabels: { alertname: "timeout_rate" },
    alerts: [alertOf()],
    ...overrides,
  };
}

/** A number of alerts that differ in a label. */
export function manyAlerts(count: number): NotifiedAlert[] {
  return Array.from({ length: count }, (_, index) =>
    alertOf({
      labels: { alertname: "error_rate", severity: "warning", host: `host-${index}.example` },
      fingerprint: index.toString(16).padStart(16, "0"),
    }));
}
