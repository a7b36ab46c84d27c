import type { AlertGroup } from "./group_alerts.ts";
import type { Delivery, TrackedAlert } from "../states/alert_state.ts";

/** A group and its alerts at one moment. */
export interface PlanDeliveryOptions {
  readonly group: AlertGroup;
  /** Firing alerts that are not muted. */
  readonly firing: readonly TrackedAlert[];
  /** Those of them that fire only because nothing is known of them now. */
  readonly kept: ReadonlySet<TrackedAlert>;
  /** Firing alerts that are muted. */
  readonly muted: ReadonlySet<TrackedAlert>;
  /** Alerts that fired and ended, including those that are pending again. */
  readonly ended: readonly TrackedAlert[];
  /** Whether the group's wait is over, so that changes may be sent. */
  readonly isFlush: boolean;
  /** How long after a notification it is repeated while its alerts fire, in milliseconds. */
  readonly repeatIntervalMs: number;
  readonly now: number;
}

/** How long no other process may send the same notification, in milliseconds. */
const LEASE_MS = 60_000;

/** The new delivery, and what to send. */
export interface DeliveryPlan {
  readonly delivery: Delivery;
  /** `null` if nothing is to be sent. */
  readonly message: {
    /** Alerts to report as firing: those that fire, and those that ended before the address accepted that they fire. */
    readonly firing: readonly TrackedAlert[];
    /** Alerts to report as resolved. */
    readonly ended: readonly TrackedAlert[];
    /** Whether an alert of `firing` has ended. */
    readonly isLate: boolean;
  } | null;
}

/** The delivery of an address to which nothing has been sent yet. */
export const UNTOLD: Delivery = {
  sentAt: null,
  firing: [],
  hidden: [],
  missed: [],
  isOwed: false,
  leaseAt: null,
  claimed: [],
  trouble: null,
};

/**
 * Decide whether to send something to an address now. At most one delivery of a group to an address is under way, in all
 * processes together, and one that failed is repeated only after its wait, whatever is new.
 */
export function planDelivery(before: Delivery, options: PlanDeliveryOptions): DeliveryPlan {
  const { now, isFlush } = options;
  if (before.leaseAt !== null && before.leaseAt > now) return { delivery: before, message: null };
  const delivery = updateDelivery(before, options);
  const retryAt = delivery.trouble?.retryAt ?? null;
  if (retryAt !== null && retryAt > now) return { delivery, message: null };
  const { message, isWanted } = composeMessage(delivery, options);
  if (!isWanted || !(isFlush || delivery.isOwed)) {
    return { delivery: { ...delivery, isOwed: delivery.isOwed && isWanted }, message: null };
  }
  const claimed = message.firing.map((alert) => alert.fingerprint);
  return { delivery: { ...delivery, isOwed: true, leaseAt: now + LEASE_MS, claimed }, message };
}

/** Find what to tell an address. A start comes before its end, in a notification of its own. */
function composeMessage(delivery: Delivery, options: PlanDeliveryOptions) {
  const { ended, kept } = options;
  // Nobody is told of an alert for the first time, or again after it was muted, while nothing shows that it is true.
  const firing = options.firing.filter((alert) => !kept.has(alert) || isTold(delivery, alert));
  const late = ended.filter((alert) => delivery.missed.includes(alert.fingerprint));
  if (late.length > 0) return { message: { firing: [...firing, ...late], ended: [], isLate: true }, isWanted: true };
  const knownEnded = ended.filter((alert) => delivery.firing.includes(alert.fingerprint));
  const isWanted = hasNews(delivery, firing, knownEnded) || isRepeat(delivery, { ...options, firing });
  return { message: { firing, ended: knownEnded, isLate: false }, isWanted };
}

/**
 * Update a delivery to the group's current alerts. Alerts that left the group, for example because their
 * severity changed, are dropped. Alerts that are now muted become hidden. If a process died while it was sending, its
 * notification may have arrived: the alerts are sent again, and their end is sent in any case.
 */
function updateDelivery(delivery: Delivery, { group, muted }: PlanDeliveryOptions): Delivery {
  const present = new Map(group.alerts.map((alert) => [alert.fingerprint, alert]));
  const firing = [...new Set([...delivery.firing, ...delivery.claimed])].filter((one) => present.has(one));
  const unconfirmed = new Set([...delivery.hidden, ...delivery.claimed]);
  const hidden = firing.filter((one) => unconfirmed.has(one) || muted.has(present.get(one)!));
  const missed = delivery.missed.filter((one) => present.has(one) && !firing.includes(one));
  return { ...delivery, firing, hidden, missed, leaseAt: null, claimed: [] };
}

/** Whether an address knows that an alert fires, or refused to be told so while it was true. */
function isTold({ firing, hidden, missed }: Delivery, { fingerprint }: TrackedAlert): boolean {
  return (firing.includes(fingerprint) && !hidden.includes(fingerprint)) || missed.includes(fingerprint);
}

/**
 * Whether there is something new to send: a firing alert that the address does not know or that was hidden, or an ended
 * alert that the address knows as firing.
 */
function hasNews(delivery: Delivery, firing: readonly TrackedAlert[], knownEnded: readonly TrackedAlert[]): boolean {
  const isKnown = (one: string) => delivery.firing.includes(one) && !delivery.hidden.includes(one);
  return knownEnded.length > 0 || firing.some((alert) => !isKnown(alert.fingerprint));
}

function isRepeat({ sentAt }: Delivery, { firing, repeatIntervalMs, now }: PlanDeliveryOptions): boolean {
  return firing.length > 0 && sentAt !== null && now - sentAt >= repeatIntervalMs;
}
