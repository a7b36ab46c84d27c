import { groupAlerts, isEnded } from "./group_alerts.ts";
import { findMute } from "./find_mute.ts";
import { makeNotification } from "./_make_notification.ts";
import { planDelivery, UNTOLD } from "./_plan_delivery.ts";
import type { AlertState, Delivery, NotificationGroup } from "../states/alert_state.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import type { Notification } from "./notification.ts";

/** Something that one address is to be told now. */
export interface DueNotification {
  /** The group. */
  readonly groupKey: string;
  /** The receiver's name. */
  readonly receiver: string;
  /** Which address of the receiver. */
  readonly target: string;
  /** What to tell. */
  readonly notification: Notification;
  /** Fingerprints of all that fires. */
  readonly firing: readonly string[];
  /** Fingerprints of what the address will know to be over. */
  readonly ended: readonly string[];
}

/** What is to be told, and the state that remembers that it is being told. */
export interface NotificationPlan {
  /** The new state. */
  readonly state: AlertState;
  /** To be sent now; {@linkcode markSent} or {@linkcode markFailed} each afterwards. */
  readonly due: readonly DueNotification[];
}

/** Options of {@linkcode planNotifications}. */
export interface PlanNotificationsOptions {
  /**
   * The addresses of each receiver, by names that stay the same over restarts.
   *
   * @default {one address a receiver, named as it}
   */
  readonly targets?: ReadonlyMap<string, readonly string[]>;
  /**
   * For so long no other process tells the same.
   *
   * @default {60000}
   */
  readonly leaseMs?: number;
}

/**
 * Decide what to tell whom. Pure: grouping, waiting, repeating, inhibition, silences, and what each address took so
 * far decide. An alert that was over before its group's wait ended is never told.
 *
 * @param state The state after an evaluation
 * @param config Routes, receivers and inhibition
 * @param now Milliseconds since the epoch
 * @param options Addresses
 * @returns What is due, and the new state
 */
export function planNotifications(
  state: AlertState,
  config: AlertsConfig,
  now: number,
  options: PlanNotificationsOptions = {},
): NotificationPlan {
  const { targets = new Map<string, readonly string[]>(), leaseMs = 60_000 } = options;
  const groups: Record<string, NotificationGroup> = {};
  const due: DueNotification[] = [];
  for (const [key, group] of groupAlerts(state, config)) {
    const fires = group.alerts.filter((alert) => alert.state === "firing");
    const muted = new Set(fires.filter((alert) => findMute(alert, state, config, now) !== undefined));
    const firing = fires.filter((alert) => !muted.has(alert));
    const known = Object.hasOwn(state.groups, key) ? state.groups[key] : undefined;
    if (known === undefined && firing.length === 0) continue;
    const nextAt = known?.nextAt ?? now + group.groupWaitMs;
    const isFlush = now >= nextAt;
    const moment = { group, firing, muted, ended: group.alerts.filter(isEnded), isFlush, now, leaseMs };
    const deliveries: Record<string, Delivery> = {};
    for (const target of targets.get(group.receiver) ?? [group.receiver]) {
      const { delivery, ended } = planDelivery(known?.deliveries[target] ?? UNTOLD, moment);
      deliveries[target] = delivery;
      if (ended === null) continue;
      due.push({
        groupKey: key,
        receiver: group.receiver,
        target,
        firing: delivery.claimed,
        notification: makeNotification(group, firing, ended),
        ended: ended.map((alert) => alert.fingerprint),
      });
    }
    const isAlive = fires.length > 0 || Object.values(deliveries).some((one) => one.firing.length > 0 || one.isOwed);
    if (!isAlive) continue;
    groups[key] = {
      receiver: group.receiver,
      labels: group.labels,
      deliveries,
      nextAt: isFlush ? now + group.groupIntervalMs : nextAt,
    };
  }
  return { state: { ...state, groups }, due };
}
