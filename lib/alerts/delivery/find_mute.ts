import type { AlertState, TrackedAlert } from "../states/alert_state.ts";
import type { Silence } from "../states/silence.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import { fitsMatchers } from "../rules/label_matcher.ts";

/** Why an alert is not sent: the id of a silence, or the fingerprint of the alert that inhibits it. */
export interface Mute {
  readonly by: "silence" | "inhibition";
  readonly id: string;
}

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

/** Find the silence or the firing alert that mutes an alert, if there is one. */
export function findMute(
  alert: TrackedAlert,
  state: AlertState,
  config: Pick<AlertsConfig, "inhibit">,
  now: number,
): Mute | undefined {
  const silence = findSilence(alert.labels, state, now);
  if (silence !== undefined) return { by: "silence", id: silence.id };
  for (const { source, target, equal } of config.inhibit) {
    if (!fitsMatchers(target, alert.labels)) continue;
    const muter = Object.values(state.alerts).find((other) =>
      other.state === "firing" && other.fingerprint !== alert.fingerprint && fitsMatchers(source, other.labels) &&
      equal.every((label) => (other.labels[label] ?? "") === (alert.labels[label] ?? ""))
    );
    if (muter !== undefined) return { by: "inhibition", id: muter.fingerprint };
  }
  return undefined;
}
