import { compareText } from "../base/mod.ts";
import { findMute, type Mute } from "./delivery/find_mute.ts";
import type { AlertState } from "./states/alert_state.ts";
import type { AlertsConfig } from "./alerts_config.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

/** One alert of an {@linkcode AlertStatus}. */
export interface AlertStatusEntry {
  /** The rule's name. */
  readonly rule: string;
  /** The severity that the rule sets. */
  readonly severity: Severity;
  /** `pending` while the breach is shorter than the rule's `for`, then `firing`, then `resolved`. */
  readonly state: "pending" | "firing" | "resolved";
  /** When that state began, ISO 8601 UTC. */
  readonly since: string;
  /** The value at the last breach, for a resolved alert at its end; `null` if there was no data. */
  readonly value: number | null;
  /** The labels that identify the alert. */
  readonly labels: Readonly<Record<string, string>>;
  /** The rule's summary in one line. */
  readonly summary: string;
  /** The value with its unit, such as `2.19 %`; `null` if there was no data. */
  readonly valueText: string | null;
  /** What to do about the alert; `null` if the rule does not say. */
  readonly remedy: string | null;
  /** Both for a Japanese reader; `null` if the rule does not say. */
  readonly ja: { readonly summary: string | null; readonly remedy: string | null };
  /** Address or path of further instructions; `null` if the rule has none. */
  readonly runbook: string | null;
  /** What mutes a firing alert; `null` if nothing does. */
  readonly mutedBy: Mute | null;
  /** Digest of the labels, 16 hexadecimal digits. */
  readonly fingerprint: string;
}

/** One silence of an {@linkcode AlertStatus}. */
export interface SilenceStatus {
  /** What is silenced: `RULE`, or `RULE:VALUE`. */
  readonly name: string;
  /** End, exclusive, ISO 8601 UTC. */
  readonly endsAt: string;
  /** The reason; may be empty. */
  readonly comment: string;
}

/** A notification that an address has not confirmed. */
export interface UndeliveredNotification {
  /** The address, without secrets. */
  readonly address: string;
  /** The names of the alerts in it. */
  readonly alerts: readonly string[];
  /**
   * `waiting` if the address refused it or could not be reached, and it is sent again; `unanswered` if it left and no
   * answer came: it may have arrived, and is not sent again for that.
   */
  readonly state: "waiting" | "unanswered";
  /** When the first delivery failed, ISO 8601 UTC. */
  readonly since: string;
  /** Number of deliveries that failed. */
  readonly tries: number;
  /** When it is sent again, ISO 8601 UTC; `null` if it is not. */
  readonly retryAt: string | null;
  /** The reason of the last failure, without secrets. */
  readonly message: string;
}

/** Alerts and silences at one moment. */
export interface AlertStatus {
  /** When rules were last evaluated, ISO 8601 UTC; `null` if never. */
  readonly evaluatedAt: string | null;
  /** Number of firing alerts. */
  readonly firing: number;
  /** Number of rules in the configuration. */
  readonly rules: number;
  /** Firing alerts first, then pending, then resolved ones; within each state the highest severity first. */
  readonly alerts: readonly AlertStatusEntry[];
  /** The silences that are not over, by name. */
  readonly silences: readonly SilenceStatus[];
  /** Notifications that an address has not confirmed, the oldest first. */
  readonly undelivered: readonly UndeliveredNotification[];
}

const STATES = ["firing", "pending", "resolved"];

/**
 * Summarize alerts and silences as plain data.
 *
 * @param state The alerts and silences
 * @param config The rules
 * @param now Milliseconds since the epoch
 * @returns All alerts, sorted by state and severity, and all silences
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { alertStatus, EMPTY_ALERT_STATE, evaluateRules, parseAlertsConfig } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * rules: [{ alert: Slow, metric: latency_seconds, value: 2s, severity: warning, annotations: { summary: Slow } }]
 * receivers: []
 * `);
 * const source = { read: () => [{ labels: {}, value: 3, samples: 1 }] };
 * const now = Date.now();
 * const { state } = evaluateRules(EMPTY_ALERT_STATE, config, source, now);
 *
 * const { firing, alerts } = alertStatus(state, config, now);
 * assertEquals([firing, alerts[0]?.rule, alerts[0]?.valueText], [1, "Slow", "3s"]);
 * ```
 */
export function alertStatus(state: AlertState, config: Pick<AlertsConfig, "rules">, now: number): AlertStatus {
  const alerts = Object.values(state.alerts).map((alert): AlertStatusEntry => {
    const { value, annotations } = alert.state === "resolved" ? alert.end ?? alert : alert;
    const since = { pending: alert.activeAt, firing: alert.firedAt, resolved: alert.resolvedAt }[alert.state];
    return {
      rule: alert.rule,
      severity: alert.severity,
      state: alert.state,
      value,
      labels: alert.labels,
      since: new Date(since ?? alert.activeAt).toISOString(),
      summary: annotations["summary"] ?? "",
      valueText: annotations["value"] ?? null,
      remedy: annotations["remedy"] ?? null,
      ja: { summary: annotations["summaryJa"] ?? null, remedy: annotations["remedyJa"] ?? null },
      runbook: annotations["runbook"] ?? null,
      mutedBy: alert.state === "firing" ? findMute(alert, state, config, now) ?? null : null,
      fingerprint: alert.fingerprint,
    };
  });
  alerts.sort((a, b) =>
    STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.rule.localeCompare(b.rule) ||
    a.fingerprint.localeCompare(b.fingerprint)
  );
  return {
    evaluatedAt: state.evaluatedAt === 0 ? null : new Date(state.evaluatedAt).toISOString(),
    firing: alerts.filter((alert) => alert.state === "firing").length,
    rules: config.rules.length,
    alerts,
    silences: listSilences(state, now),
    undelivered: listUndelivered(state),
  };
}

/**
 * List the silences that are not over.
 *
 * @param state The state of the alerts
 * @param now Milliseconds since the epoch
 * @returns The silences, by name
 */
export function listSilences({ silences }: Pick<AlertState, "silences">, now: number): readonly SilenceStatus[] {
  return Object.entries(silences).filter(([, { endsAt }]) => now < endsAt)
    .map(([name, { endsAt, comment }]) => ({ name, endsAt: new Date(endsAt).toISOString(), comment }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * List the notifications that an address has not confirmed.
 *
 * @param state The state of the alerts
 * @returns The notifications, the oldest first
 */
export function listUndelivered({ groups }: AlertState): readonly UndeliveredNotification[] {
  const list = Object.values(groups).flatMap(({ deliveries }) =>
    Object.entries(deliveries).flatMap(([address, { trouble }]): UndeliveredNotification[] => {
      if (trouble === null) return [];
      const { sinceAt, tries, retryAt, message, alerts } = trouble;
      return [{
        address,
        alerts,
        state: retryAt === null ? "unanswered" : "waiting",
        since: new Date(sinceAt).toISOString(),
        tries,
        retryAt: retryAt === null ? null : new Date(retryAt).toISOString(),
        message,
      }];
    })
  );
  return list.sort((a, b) => compareText(a.since, b.since) || a.address.localeCompare(b.address));
}
