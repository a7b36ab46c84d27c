import type { Notification, NotifiedAlert } from "../delivery/notification.ts";

/** One alert as Alertmanager tells it to webhooks. */
export interface WebhookAlert {
  /** Whether it fires. */
  readonly status: "firing" | "resolved";
  /** Labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations. */
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339, UTC. */
  readonly startsAt: string;
  /** RFC 3339, UTC; the zero time of Go while the alert fires. */
  readonly endsAt: string;
  /** Where the alert comes from. */
  readonly generatorURL: string;
  /** A digest of the labels. */
  readonly fingerprint: string;
}

/** What Alertmanager posts to webhooks, version 4 of its data model. */
export interface WebhookPayload {
  /** Of the data model. */
  readonly version: "4";
  /** What tells the group from others. */
  readonly groupKey: string;
  /** Alerts that are not in the list. */
  readonly truncatedAlerts: number;
  /** `firing` while any alert fires. */
  readonly status: "firing" | "resolved";
  /** The receiver's name. */
  readonly receiver: string;
  /** What the alerts were grouped by. */
  readonly groupLabels: Readonly<Record<string, string>>;
  /** Labels that all alerts of the list share. */
  readonly commonLabels: Readonly<Record<string, string>>;
  /** Annotations that all alerts of the list share. */
  readonly commonAnnotations: Readonly<Record<string, string>>;
  /** Where a person finds the sender. */
  readonly externalURL: string;
  /** The alerts. */
  readonly alerts: readonly WebhookAlert[];
}

/** Options of {@linkcode toWebhookPayload}. */
export interface WebhookPayloadOptions {
  /**
   * Where a person finds the sender.
   *
   * @default {""}
   */
  readonly externalUrl?: string | undefined;
  /**
   * Alerts at most; the others are counted.
   *
   * @default {500}
   */
  readonly maxAlerts?: number;
}

/** What Go writes for a moment that is not known. */
const NO_TIME = "0001-01-01T00:00:00Z";

/**
 * Say a notification in the words of Alertmanager's webhook, so that whatever reads those reads ours.
 *
 * @param notification What to tell
 * @param options The sender's address, the longest list
 * @returns The JSON document
 */
export function toWebhookPayload(notification: Notification, options: WebhookPayloadOptions = {}): WebhookPayload {
  const { externalUrl = "", maxAlerts = 500 } = options;
  const alerts = notification.alerts.slice(0, maxAlerts);
  return {
    version: "4",
    groupKey: notification.groupKey,
    truncatedAlerts: notification.truncated + notification.alerts.length - alerts.length,
    status: notification.status,
    receiver: notification.receiver,
    groupLabels: notification.groupLabels,
    commonLabels: shared(alerts.map((alert) => alert.labels)),
    commonAnnotations: shared(alerts.map((alert) => alert.annotations)),
    externalURL: externalUrl,
    alerts: alerts.map((alert) => toAlert(alert, externalUrl)),
  };
}

function toAlert(alert: NotifiedAlert, externalUrl: string): WebhookAlert {
  return {
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: new Date(alert.startsAt).toISOString(),
    endsAt: alert.endsAt === null ? NO_TIME : new Date(alert.endsAt).toISOString(),
    generatorURL: externalUrl,
    fingerprint: alert.fingerprint,
  };
}

/** The pairs that stand in every one. */
function shared(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}
