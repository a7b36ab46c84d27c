import { findMute, type Mute } from "./delivery/find_mute.ts";
import type { AlertState } from "./states/alert_state.ts";
import type { AlertsConfig } from "./config/alerts_config.ts";
import type { LabelMatcher } from "./rules/label_matcher.ts";
import { formatLabelMatcher } from "./rules/parse_label_matcher.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

/** One alert, for a person or a program. */
export interface AlertStatusEntry {
  /** The rule's name. */
  readonly rule: string;
  /** How bad. */
  readonly severity: Severity;
  /** What it is now. */
  readonly state: "pending" | "firing" | "resolved";
  /** Since when it is that: breached, firing, over; ISO 8601 UTC. */
  readonly since: string;
  /** What was measured last; `null` when there was no data. */
  readonly value: number | null;
  /** What tells it from others. */
  readonly labels: Readonly<Record<string, string>>;
  /** One line. */
  readonly summary: string;
  /** What was measured last, in its unit, such as `2.19 %`; `null` in a state that an older version wrote. */
  readonly valueText: string | null;
  /** What to do about it; `null` when the rule does not say. */
  readonly remedy: string | null;
  /** Where more of it stands. */
  readonly runbook: string | null;
  /** Why nobody is told of it: `silence ID` or `inhibition FINGERPRINT`. */
  readonly mutedBy: string | null;
  /** A digest of the labels. */
  readonly fingerprint: string;
}

/** A silence, for a person or a program. */
export interface SilenceStatus {
  /** To end it by. */
  readonly id: string;
  /** Which alerts, such as `host="cdn"`. */
  readonly matchers: readonly string[];
  /** ISO 8601 UTC. */
  readonly startsAt: string;
  /** ISO 8601 UTC. */
  readonly endsAt: string;
  /** Whether it holds now, will, or did. */
  readonly state: "active" | "coming" | "over";
  /** Who wanted it. */
  readonly author: string;
  /** The reason that the author gave. */
  readonly comment: string;
}

/** How the alerts stand. */
export interface AlertStatus {
  /** When rules were evaluated last, ISO 8601 UTC; `null` for never. */
  readonly evaluatedAt: string | null;
  /** How many fire. */
  readonly firing: number;
  /** Rules that are watched. */
  readonly rules: number;
  /** What fires first, the worst first. */
  readonly alerts: readonly AlertStatusEntry[];
  /** All that are kept. */
  readonly silences: readonly SilenceStatus[];
}

const STATES = ["firing", "pending", "resolved"];

/**
 * Say how the alerts stand, as plain data.
 *
 * @param state The state
 * @param config The configuration
 * @param now Milliseconds since the epoch
 * @returns What fires, what may, what is over; and the silences
 */
export function alertStatus(state: AlertState, config: AlertsConfig, now: number): AlertStatus {
  const alerts = Object.values(state.alerts).map((alert): AlertStatusEntry => {
    const since = { pending: alert.activeAt, firing: alert.firedAt, resolved: alert.resolvedAt }[alert.state];
    return {
      rule: alert.rule,
      severity: alert.severity,
      state: alert.state,
      value: alert.value,
      labels: alert.labels,
      since: new Date(since ?? alert.activeAt).toISOString(),
      summary: alert.annotations["summary"] ?? "",
      valueText: alert.annotations["value"] ?? null,
      remedy: alert.annotations["remedy"] ?? null,
      runbook: alert.annotations["runbook"] ?? null,
      mutedBy: alert.state === "firing" ? spell(findMute(alert, state, config, now)) : null,
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
    silences: state.silences.map(({ matchers, startsAt, endsAt, ...rest }): SilenceStatus => ({
      ...rest,
      matchers: matchers.map((matcher: LabelMatcher) => formatLabelMatcher(matcher)),
      startsAt: new Date(startsAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
      state: now >= endsAt ? "over" : now < startsAt ? "coming" : "active",
    })),
  };
}

function spell(mute: Mute | undefined): string | null {
  return mute === undefined ? null : `${mute.by} ${mute.id}`;
}
