import type { AlertState, TrackedAlert } from "../states/alert_state.ts";
import type { Silence } from "../states/silence.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import { fitsMatchers } from "../rules/label_matcher.ts";

/** Why an alert is not sent: the id of a silence, or the rule of the alert that inhibits it. */
export type Mute = { readonly by: "silence"; readonly id: string } | { readonly by: "alert"; readonly rule: string };

/** Find a silence that is active now and matches the labels. */
export function findSilence(
  labels: Readonly<Record<string, string>>,
  state: Pick<AlertState, "silences">,
  now: number,
): Silence | undefined {
  return state.silences.find(({ startsAt, endsAt, matchers }) =>
    startsAt <= now && now < endsAt && fitsMatchers(matchers, labels)
  );
}

/** How long an alert that has ended mutes what it left in the windows of other rules, in milliseconds. */
const AFTERMATH_MS = 15 * 60_000;

/**
 * Find the silence or the alert that mutes an alert, if there is one. An alert that has ended goes on muting for a quarter
 * of an hour what began before its end, or what has its time in the window of its rule: that is the same trouble, counted
 * late. What still fires afterwards is a trouble of its own.
 */
export function findMute(
  alert: TrackedAlert,
  state: AlertState,
  config: Pick<AlertsConfig, "inhibit" | "rules">,
  now: number,
): Mute | undefined {
  const silence = findSilence(alert.labels, state, now);
  if (silence !== undefined) return { by: "silence", id: silence.id };
  const sinceAt = alert.activeAt - windowOf(alert, config);
  const isMuting = ({ state, resolvedAt }: TrackedAlert): boolean =>
    state === "firing" || (resolvedAt !== null && resolvedAt >= sinceAt && now - resolvedAt < AFTERMATH_MS);
  for (const { source, target, equal } of config.inhibit) {
    if (!fitsMatchers(target, alert.labels)) continue;
    const muter = Object.values(state.alerts).find((other) =>
      isMuting(other) && other.fingerprint !== alert.fingerprint && fitsMatchers(source, other.labels) &&
      equal.every((label) => (other.labels[label] ?? "") === (alert.labels[label] ?? ""))
    );
    if (muter !== undefined) return { by: "alert", rule: muter.rule };
  }
  return undefined;
}

/** The longest window that the rule of an alert looks back, in milliseconds. */
function windowOf({ rule }: TrackedAlert, { rules }: Pick<AlertsConfig, "rules">): number {
  const thresholds = rules.find(({ name }) => name === rule)?.anyOf.flat() ?? [];
  return Math.max(0, ...thresholds.map(({ windowMs }) => windowMs));
}
