import type { AlertRule } from "../rules/alert_rule.ts";
import type { TrackedAlert } from "./alert_state.ts";

/** What an evaluation knows of time. */
export interface Moment {
  readonly now: number;
  /** When the rule was evaluated before. */
  readonly beforeAt: number;
}

/** What an alert is when its rule is breached. */
export type Identity = Pick<TrackedAlert, "rule" | "fingerprint" | "severity" | "labels" | "annotations" | "value">;

/** After so long without any evaluation nobody knows whether the breach lasted. */
const OUTAGE_TOLERANCE_MS = 3_600_000;

/** The rule is breached. */
export function advanceBreached(
  previous: TrackedAlert | undefined,
  identity: Identity,
  rule: AlertRule,
  { now, beforeAt }: Moment,
): TrackedAlert {
  if (previous?.state === "firing") return { ...previous, ...identity, breachedAt: now };
  const isGoingOn = previous?.state === "pending" && now - beforeAt <= OUTAGE_TOLERANCE_MS;
  const activeAt = isGoingOn ? previous.activeAt : now;
  const firing = now - activeAt >= rule.forMs;
  return {
    ...identity,
    state: firing ? "firing" : "pending",
    activeAt,
    firedAt: firing ? now : previous?.firedAt ?? null,
    // While it is pending anew, its receivers must still hear that it had ended.
    resolvedAt: firing ? null : previous?.resolvedAt ?? null,
    breachedAt: now,
  };
}

/** The rule is not breached; `undefined` if nothing is left to remember. */
export function advanceClear(
  previous: TrackedAlert,
  value: number | null,
  rule: Pick<AlertRule, "keepFiringForMs">,
  now: number,
): TrackedAlert | undefined {
  switch (previous.state) {
    case "pending":
      return previous.resolvedAt === null ? undefined : { ...previous, state: "resolved" };
    case "firing":
      if (now - previous.breachedAt < rule.keepFiringForMs) return { ...previous, value };
      return { ...previous, value, state: "resolved", resolvedAt: now };
    case "resolved":
      return previous;
  }
}
