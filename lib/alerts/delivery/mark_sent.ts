import type { AlertState, Delivery } from "../states/alert_state.ts";
import type { DueNotification } from "./plan_notifications.ts";

/**
 * Record that an address accepted a notification.
 *
 * @param state The state to change
 * @param due The notification that was sent
 * @param now Milliseconds since the epoch
 * @returns The new state
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as alerts from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = alerts.parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules: [{ alert: Slow, expr: latency_seconds > 2s, severity: critical, annotations: { summary: Slow } }]
 * receivers: [{ name: me, urls: ["stdout:"] }]
 * `);
 * const source = { names: null, read: () => [{ labels: {}, value: 3, samples: 1 }] };
 * const now = Date.now();
 * const evaluation = alerts.evaluateRules(alerts.EMPTY_ALERT_STATE, config, source, now);
 * const plan = alerts.planNotifications(evaluation.state, config, now);
 *
 * const state = plan.due.reduce((next, due) => alerts.markSent(next, due, now), plan.state);
 * assertEquals(alerts.planNotifications(state, config, now).due, []);
 * ```
 */
export function markSent(state: AlertState, due: DueNotification, now: number): AlertState {
  return updateDelivery(state, due, (delivery) => {
    const others = delivery.firing.filter((fingerprint) =>
      !due.ended.includes(fingerprint) && !due.firing.includes(fingerprint)
    );
    const hidden = delivery.hidden.filter((fingerprint) => others.includes(fingerprint));
    return { sentAt: now, firing: [...others, ...due.firing], hidden, isOwed: false, leaseAt: null, claimed: [] };
  });
}

/**
 * Record that an address did not accept a notification; the next plan sends it again.
 *
 * @param state The state to change
 * @param due The notification that failed
 * @returns The new state
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as alerts from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = alerts.parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules: [{ alert: Slow, expr: latency_seconds > 2s, severity: critical, annotations: { summary: Slow } }]
 * receivers: [{ name: me, urls: ["stdout:"] }]
 * `);
 * const source = { names: null, read: () => [{ labels: {}, value: 3, samples: 1 }] };
 * const now = Date.now();
 * const evaluation = alerts.evaluateRules(alerts.EMPTY_ALERT_STATE, config, source, now);
 * const plan = alerts.planNotifications(evaluation.state, config, now);
 *
 * const state = plan.due.reduce((next, due) => alerts.markFailed(next, due), plan.state);
 * assertEquals(alerts.planNotifications(state, config, now).due.length, 1);
 * ```
 */
export function markFailed(state: AlertState, due: DueNotification): AlertState {
  return updateDelivery(state, due, (delivery) => ({ ...delivery, isOwed: true, leaseAt: null, claimed: [] }));
}

function updateDelivery(state: AlertState, due: DueNotification, next: (delivery: Delivery) => Delivery): AlertState {
  const group = state.groups[due.groupKey];
  const delivery = group?.deliveries[due.target];
  // The rule or the route was removed in the meantime: there is nothing to record.
  if (group === undefined || delivery === undefined) return state;
  const deliveries = { ...group.deliveries, [due.target]: next(delivery) };
  return { ...state, groups: { ...state.groups, [due.groupKey]: { ...group, deliveries } } };
}
