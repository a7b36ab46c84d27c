import type { AlertGroup } from "./group_alerts.ts";
import type { Delivery, TrackedAlert } from "../states/alert_state.ts";

/** How a group stands at a moment. */
export interface GroupMoment {
  readonly group: AlertGroup;
  /** What fires and is to be told. */
  readonly firing: readonly TrackedAlert[];
  /** What fires and is not to be told. */
  readonly muted: ReadonlySet<TrackedAlert>;
  /** What fired and is over. */
  readonly ended: readonly TrackedAlert[];
  /** The time has come to look for something new. */
  readonly isFlush: boolean;
  readonly now: number;
  readonly leaseMs: number;
}

/** What becomes of a delivery, and what its address is to be told to be over; `null` for nothing to tell. */
export interface DeliveryPlan {
  readonly delivery: Delivery;
  readonly ended: readonly TrackedAlert[] | null;
}

/** The delivery of an address that was told nothing yet. */
export const UNTOLD: Delivery = { sentAt: null, firing: [], hidden: [], isOwed: false, leaseAt: null, claimed: [] };

/** Decide whether an address is told something now. */
export function planDelivery(before: Delivery, moment: GroupMoment): DeliveryPlan {
  const { firing, ended, isFlush, now, leaseMs } = moment;
  if (before.leaseAt !== null && before.leaseAt > now) return { delivery: before, ended: null };
  const delivery = follow(before, moment);
  const told = ended.filter((alert) => delivery.firing.includes(alert.fingerprint));
  const isWanted = isNews(delivery, firing, told) || isRepeat(delivery, moment);
  if (!isWanted || !(isFlush || delivery.isOwed)) {
    return { delivery: { ...delivery, isOwed: delivery.isOwed && isWanted }, ended: null };
  }
  const claimed = firing.map((alert) => alert.fingerprint);
  return { delivery: { ...delivery, isOwed: true, leaseAt: now + leaseMs, claimed }, ended: told };
}

/**
 * Without what is in the group no more, such as alerts that another route takes now; and what is muted since. What a
 * process was telling when it died may have been heard: it is told again, and its end is told in any case.
 */
function follow(delivery: Delivery, { group, muted }: GroupMoment): Delivery {
  const present = new Map(group.alerts.map((alert) => [alert.fingerprint, alert]));
  const firing = [...new Set([...delivery.firing, ...delivery.claimed])].filter((one) => present.has(one));
  const unsure = new Set([...delivery.hidden, ...delivery.claimed]);
  const hidden = firing.filter((one) => unsure.has(one) || muted.has(present.get(one)!));
  return { ...delivery, firing, hidden, leaseAt: null, claimed: [] };
}

/** Something fires that the address does not know of, or heard nothing of lately, or is over that it believes to fire. */
function isNews(delivery: Delivery, firing: readonly TrackedAlert[], told: readonly TrackedAlert[]): boolean {
  const isKnown = (one: string) => delivery.firing.includes(one) && !delivery.hidden.includes(one);
  return told.length > 0 || firing.some((alert) => !isKnown(alert.fingerprint));
}

function isRepeat({ sentAt }: Delivery, { firing, group, now }: GroupMoment): boolean {
  return firing.length > 0 && sentAt !== null && now - sentAt >= group.repeatIntervalMs;
}
