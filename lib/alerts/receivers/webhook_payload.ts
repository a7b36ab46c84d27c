import type { Notification, NotifiedAlert } from "./notification.ts";

/** One alert in the payload of Alertmanager's webhook. */
export interface WebhookAlert {
  /** Whether the alert fires now or has ended. */
  readonly status: "firing" | "resolved";
  /** The labels that identify the alert, including `alertname` and `severity`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people, such as `summary`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** When the alert started to fire, RFC 3339 in UTC. */
  readonly startsAt: string;
  /** When the alert ended, RFC 3339 in UTC; Go's zero time while it fires. */
  readonly endsAt: string;
  /** Address of the rule: always empty. */
  readonly generatorURL: string;
  /** Digest of the labels, 16 hexadecimal digits. */
  readonly fingerprint: string;
}

/** What Alertmanager posts to webhooks, version 4 of its data model. */
export interface WebhookPayload {
  /** Version of the data model. */
  readonly version: "4";
  /** Identifies the group; stays the same as long as the group exists. */
  readonly groupKey: string;
  /** Number of alerts that are not in the list: always 0. */
  readonly truncatedAlerts: number;
  /** `firing` while any alert fires. */
  readonly status: "firing" | "resolved";
  /** Alertmanager's name of the receiver: always `default`. */
  readonly receiver: string;
  /** The labels that the alerts are grouped by, with their values. */
  readonly groupLabels: Readonly<Record<string, string>>;
  /** Labels that all alerts of the list share. */
  readonly commonLabels: Readonly<Record<string, string>>;
  /** Annotations that all alerts of the list share. */
  readonly commonAnnotations: Readonly<Record<string, string>>;
  /** Address of the sender: always empty. */
  readonly externalURL: string;
  /** Firing alerts first, then ended ones. */
  readonly alerts: readonly WebhookAlert[];
}

/** Go's zero time, which Alertmanager sends for a time that is not set. */
const NO_TIME = "0001-01-01T00:00:00Z";

/**
 * Convert a notification to the payload of Alertmanager's webhook, so that existing consumers can read it.
 *
 * @param notification The notification to convert
 * @returns The JSON document
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toWebhookPayload } from "@civitai-dl/civitai-dl/alerts";
 *
 * const labels = { alertname: "Slow", severity: "warning" };
 * const annotations = { summary: "Answers are slow" };
 * const payload = toWebhookPayload({
 *   status: "firing",
 *   groupKey: "{}",
 *   groupLabels: {},
 *   alerts: [{ status: "firing", labels, annotations, startsAt: 0, endsAt: null, value: 3, fingerprint: "c0ffee" }],
 * });
 * assertEquals(payload.commonLabels, labels);
 * assertEquals(payload.alerts[0]?.startsAt, "1970-01-01T00:00:00.000Z");
 * ```
 */
export function toWebhookPayload(notification: Notification): WebhookPayload {
  const { alerts } = notification;
  return {
    version: "4",
    groupKey: notification.groupKey,
    truncatedAlerts: 0,
    status: notification.status,
    receiver: "default",
    groupLabels: notification.groupLabels,
    commonLabels: shared(alerts.map((alert) => alert.labels)),
    commonAnnotations: shared(alerts.map((alert) => alert.annotations)),
    externalURL: "",
    alerts: alerts.map(toAlert),
  };
}

function toAlert(alert: NotifiedAlert): WebhookAlert {
  return {
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: new Date(alert.startsAt).toISOString(),
    endsAt: alert.endsAt === null ? NO_TIME : new Date(alert.endsAt).toISOString(),
    generatorURL: "",
    fingerprint: alert.fingerprint,
  };
}

/** Find the pairs of name and value that all records share. */
function shared(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}
