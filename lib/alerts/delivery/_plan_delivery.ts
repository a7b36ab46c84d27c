import type { AlertGroup } from "./group_alerts.ts";
import type { Delivery, TrackedAlert } from "../states/alert_state.ts";

/** A group and its alerts at one moment. */
export interface GroupFacts {
  readonly group: AlertGroup;
  /** Firing alerts that are not muted. */
  readonly firing: readonly TrackedAlert[];
  /** Firing alerts that are muted. */
  readonly muted: ReadonlySet<TrackedAlert>;
  /** Alerts that fired and ended, including those that are pending again. */
  readonly ended: readonly TrackedAlert[];
  /** Whether the group's wait is over, so that changes may be sent. */
  readonly isFlush: boolean;
  readonly now: number;
  readonly leaseMs: number;
}

/** The new delivery, and the ended alerts to report to the address; `ended` is `null` if nothing is to be sent. */
export interface DeliveryPlan {
  readonly delivery: Delivery;
  readonly ended: readonly TrackedAlert[] | null;
}

/** The delivery of an address to which nothing has been sent yet. */
export const UNTOLD: Delivery = { sentAt: null, firing: [], hidden: [], isOwed: false, leaseAt: null, claimed: [] };

/** Decide whether to send something to an address now. */
export function planDelivery(before: Delivery, facts: GroupFacts): DeliveryPlan {
  const { firing, ended, isFlush, now, leaseMs } = facts;
  if (before.leaseAt !== null && before.leaseAt > now) return { delivery: before, ended: null };
  const delivery = updateDelivery(before, facts);
  const knownEnded = ended.filter((alert) => delivery.firing.includes(alert.fingerprint));
  const isWanted = hasNews(delivery, firing, knownEnded) || isRepeat(delivery, facts);
  if (!isWanted || !(isFlush || delivery.isOwed)) {
    return { delivery: { ...delivery, isOwed: delivery.isOwed && isWanted }, ended: null };
  }
  const claimed = firing.map((alert) => alert.fingerprint);
  return { delivery: { ...delivery, isOwed: true, leaseAt: now + leaseMs, claimed }, ended: knownEnded };
}

/**
 * Update a delivery to the group's current alerts. Alerts that left the group, for example because they now match
 * another route, are dropped. Alerts that are now muted become hidden. If a process died while it was sending, its
 * notification may have arrived: the alerts are sent again, and their end is sent in any case.
 */
function updateDelivery(delivery: Delivery, { group, muted }: GroupFacts): Delivery {
  const present = new Map(group.alerts.map((alert) => [alert.fingerprint, alert]));
  const firing = [...new Set([...delivery.firing, ...delivery.claimed])].filter((one) => present.has(one));
  const unconfirmed = new Set([...delivery.hidden, ...delivery.claimed]);
  const hidden = firing.filter((one) => unconfirmed.has(one) || muted.has(present.get(one)!));
  return { ...delivery, firing, hidden, leaseAt: null, claimed: [] };
}

/**
 * Whether there is something new to send: a firing alert that the address does not know or that was hidden, or an ended
 * alert that the address knows as firing.
 */
function hasNews(delivery: Delivery, firing: readonly TrackedAlert[], knownEnded: readonly TrackedAlert[]): boolean {
  const isKnown = (one: string) => delivery.firing.includes(one) && !delivery.hidden.includes(one);
  return knownEnded.length > 0 || firing.some((alert) => !isKnown(alert.fingerprint));
}

function isRepeat({ sentAt }: Delivery, { firing, group, now }: GroupFacts): boolean {
  return firing.length > 0 && sentAt !== null && now - sentAt >= group.repeatIntervalMs;
}
