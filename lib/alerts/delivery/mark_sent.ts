import type { AlertState, Delivery } from "../states/alert_state.ts";
import type { DueNotification } from "./plan_notifications.ts";

/**
 * Remember that an address took a notification.
 *
 * @param state The state
 * @param due What was told
 * @param now Milliseconds since the epoch
 * @returns The new state
 */
export function markSent(state: AlertState, due: DueNotification, now: number): AlertState {
  return change(state, due, (delivery) => {
    const others = delivery.firing.filter((one) => !due.ended.includes(one) && !due.firing.includes(one));
    const hidden = delivery.hidden.filter((one) => others.includes(one));
    return { sentAt: now, firing: [...others, ...due.firing], hidden, isOwed: false, leaseAt: null, claimed: [] };
  });
}

/**
 * Remember that an address did not take a notification: the next plan tells it again.
 *
 * @param state The state
 * @param due What was not told
 * @returns The new state
 */
export function markFailed(state: AlertState, due: DueNotification): AlertState {
  return change(state, due, (delivery) => ({ ...delivery, isOwed: true, leaseAt: null, claimed: [] }));
}

function change(state: AlertState, due: DueNotification, next: (delivery: Delivery) => Delivery): AlertState {
  const group = state.groups[due.groupKey];
  const delivery = group?.deliveries[due.target];
  // The rule or the route went away meanwhile: there is nothing to remember.
  if (group === undefined || delivery === undefined) return state;
  const deliveries = { ...group.deliveries, [due.target]: next(delivery) };
  return { ...state, groups: { ...state.groups, [due.groupKey]: { ...group, deliveries } } };
}
