import type { AlertState, Delivery, DeliveryTrouble } from "../states/alert_state.ts";
import type { DueNotification } from "./plan_notifications.ts";

/** How the delivery of a notification to one address ended. */
export type DeliveryOutcome =
  | {
    /** The address confirmed it. */
    readonly kind: "accepted";
  }
  | {
    /** The address refused it, or could not be reached; it is sent again after a wait. */
    readonly kind: "refused";
    /** The reason, without secrets. */
    readonly message: string;
    /** How long the service asked to wait, in milliseconds. */
    readonly retryAfterMs?: number | undefined;
  }
  | {
    /**
     * It left, and no answer came in time: it may have arrived. It counts as told, so that a receiver that hangs gets no
     * second copy for that; while its alerts fire, the usual repetition follows.
     */
    readonly kind: "unanswered";
    /** The reason, without secrets. */
    readonly message: string;
  };

/** The waits between deliveries that an address refuses: each twice the one before, up to the longest. */
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * Record how the delivery of a notification to one address ended.
 *
 * @param state The state to change
 * @param due The notification that was sent
 * @param outcome Whether the address accepted it, refused it, or gave no answer
 * @param now Milliseconds since the epoch
 * @returns The new state
 */
export function recordOutcome(
  state: AlertState,
  due: DueNotification,
  outcome: DeliveryOutcome,
  now: number,
): AlertState {
  const group = state.groups[due.groupKey];
  const delivery = group?.deliveries[due.target];
  // The rule or the address was removed in the meantime: there is nothing to record.
  if (group === undefined || delivery === undefined) return state;
  const deliveries = { ...group.deliveries, [due.target]: afterOutcome(delivery, due, outcome, now) };
  return { ...state, groups: { ...state.groups, [due.groupKey]: { ...group, deliveries } } };
}

function afterOutcome(delivery: Delivery, due: DueNotification, outcome: DeliveryOutcome, now: number): Delivery {
  switch (outcome.kind) {
    case "accepted":
      return { ...told(delivery, due, now), trouble: null };
    case "unanswered":
      return {
        ...told(delivery, due, now),
        trouble: { ...troubleOf(delivery, due, now), retryAt: null, message: outcome.message },
      };
    case "refused": {
      const waitMs = Math.max(waitAfter(delivery.trouble?.tries ?? 0), outcome.retryAfterMs ?? 0);
      const missed = due.firing.filter((one) => !delivery.firing.includes(one));
      return {
        ...delivery,
        missed: [...new Set([...delivery.missed, ...missed])],
        isOwed: true,
        leaseAt: null,
        claimed: [],
        trouble: { ...troubleOf(delivery, due, now), retryAt: now + waitMs, message: outcome.message },
      };
    }
  }
}

/** The delivery after the address was told, which may still be owed the end of alerts that it was told of late. */
function told(delivery: Delivery, due: DueNotification, now: number): Omit<Delivery, "trouble"> {
  const others = delivery.firing.filter((one) => !due.ended.includes(one) && !due.firing.includes(one));
  return {
    sentAt: now,
    firing: [...others, ...due.firing],
    hidden: delivery.hidden.filter((one) => others.includes(one)),
    missed: delivery.missed.filter((one) => !due.firing.includes(one)),
    isOwed: due.isLate,
    leaseAt: null,
    claimed: [],
  };
}

/** What one more failure has in common with those before. */
function troubleOf(
  { trouble }: Delivery,
  { notification }: DueNotification,
  now: number,
): Omit<DeliveryTrouble, "retryAt" | "message"> {
  const { sinceAt = now, tries = 0 } = trouble ?? {};
  const alerts = [...new Set(notification.alerts.map(({ labels }) => labels["alertname"] ?? ""))];
  return { sinceAt, tries: tries + 1, alerts };
}

/** The wait after a number of earlier failures, in milliseconds. */
function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}
