import type { AlertState, TrackedAlert } from "../states/alert_state.ts";
import { isNamed } from "../states/alert_name.ts";
import type { AlertsConfig } from "../alerts_config.ts";
import { EXPLAINED_ALERTS } from "./explained_alerts.ts";

/** Why an alert is not sent: a silence, or the rule of the alert that explains it. */
export type Mute = { readonly by: "silence" } | { readonly by: "alert"; readonly rule: string };

/** How long an alert that has ended mutes what it left in the windows of other rules, in milliseconds. */
const AFTERMATH_MS = 15 * 60_000;

/**
 * Find what mutes an alert, if there is anything. An alert that has ended goes on muting for a quarter of an hour what
 * began before its end, or what has its time in the window of its rule: that is the same trouble, counted late. What
 * still fires afterwards is a trouble of its own.
 */
export function findMute(
  alert: TrackedAlert,
  state: AlertState,
  config: Pick<AlertsConfig, "rules">,
  now: number,
): Mute | undefined {
  const { labels } = alert;
  if (Object.entries(state.silences).some(([name, { endsAt }]) => now < endsAt && isNamed(labels, name))) {
    return { by: "silence" };
  }
  const sinceAt = alert.activeAt - windowOf(alert, config);
  const isMuting = ({ state, resolvedAt }: TrackedAlert): boolean =>
    state === "firing" || (resolvedAt !== null && resolvedAt >= sinceAt && now - resolvedAt < AFTERMATH_MS);
  for (const [rule, names] of Object.entries(EXPLAINED_ALERTS)) {
    if (!names.some((name) => isNamed(labels, name))) continue;
    if (Object.values(state.alerts).some((other) => other.rule === rule && isMuting(other))) {
      return { by: "alert", rule };
    }
  }
  return undefined;
}

/** The window that the rule of an alert looks back, in milliseconds. */
function windowOf({ rule }: TrackedAlert, { rules }: Pick<AlertsConfig, "rules">): number {
  return rules.find(({ name }) => name === rule)?.windowMs ?? 0;
}
