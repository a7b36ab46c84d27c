import type { AlertRule } from "../alert_rule.ts";
import type { AlertEnd, TrackedAlert } from "./alert_state.ts";

/** The times of an evaluation, in milliseconds since the epoch. */
export interface EvaluationTimes {
  readonly now: number;
  /** When the rule's group was last evaluated; 0 if never. */
  readonly beforeAt: number;
}

/** The fields of an alert that are updated by every breach. */
export type Identity = Pick<TrackedAlert, "rule" | "fingerprint" | "severity" | "labels" | "annotations" | "value">;

/** After a longer gap between evaluations, a pending alert starts over: the breach may have ended in the meantime. */
const OUTAGE_TOLERANCE_MS = 3_600_000;

/** Compute an alert's next state when its rule is breached. */
export function advanceBreached(
  previous: TrackedAlert | undefined,
  identity: Identity,
  rule: AlertRule,
  { now, beforeAt }: EvaluationTimes,
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
    // While the alert is pending again, its receivers must still be notified that it had resolved.
    resolvedAt: firing ? null : previous?.resolvedAt ?? null,
    breachedAt: now,
    end: firing ? null : previous?.end ?? null,
  };
}

/** The value of a rule that is not breached, and its text; both `null` without data. */
export interface ClearValue {
  readonly value: number | null;
  readonly text: string | null;
}

/** Compute an alert's next state when its rule is not breached; `undefined` to drop the alert. */
export function advanceClear(
  previous: TrackedAlert,
  { value, text }: ClearValue,
  rule: Pick<AlertRule, "keepFiringForMs">,
  now: number,
): TrackedAlert | undefined {
  switch (previous.state) {
    case "pending":
      return previous.resolvedAt === null ? undefined : { ...previous, state: "resolved" };
    case "firing":
      if (now - previous.breachedAt < rule.keepFiringForMs) return previous;
      return { ...previous, state: "resolved", resolvedAt: now, end: endOf(previous, { value, text }) };
    case "resolved":
      return previous;
  }
}

function endOf({ annotations }: TrackedAlert, { value, text }: ClearValue): AlertEnd {
  const { value: _, ...rest } = annotations;
  return { value, annotations: text === null ? rest : { ...rest, value: text } };
}
