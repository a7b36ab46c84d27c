import { groupAlerts, isEnded } from "./group_alerts.ts";
import { findMute } from "./find_mute.ts";
import { makeNotification } from "./_make_notification.ts";
import { planDelivery, UNTOLD } from "./_plan_delivery.ts";
import type { AlertState, Delivery, NotificationGroup, TrackedAlert } from "../states/alert_state.ts";
import type { AlertsConfig } from "../alerts_config.ts";
import type { Notification } from "../receivers/notification.ts";

/** A notification that is due for one address. */
export interface DueNotification {
  /** The group's key in {@linkcode AlertState.groups}. */
  readonly groupKey: string;
  /** The address, by its name in `targets`. */
  readonly target: string;
  /** The message to send. */
  readonly notification: Notification;
  /** Fingerprints of the alerts that the message reports as firing. */
  readonly firing: readonly string[];
  /** Fingerprints of the ended alerts that the message reports to the address. */
  readonly ended: readonly string[];
  /** Whether an alert that the message reports as firing has ended; its end is due as soon as this is accepted. */
  readonly isLate: boolean;
}

/** The notifications to send, and the state that records that they are being sent. */
export interface NotificationPlan {
  /** The new state; save it before sending, so that no other process sends the same notifications. */
  readonly state: AlertState;
  /** Notifications to send now; call {@linkcode recordOutcome} for each afterwards. */
  readonly due: readonly DueNotification[];
}

/** How long a notification without an answer is shown, in milliseconds. */
const UNANSWERED_KEPT_MS = 24 * 3_600_000;

/**
 * Decide which notifications are due. The function is pure: the result depends only on grouping, waits, repetition, what
 * mutes an alert, and what each address has accepted so far. An alert that ends before its group's first wait is over is
 * never sent.
 *
 * @param state The state after an evaluation
 * @param config Rules and waits
 * @param now Milliseconds since the epoch
 * @param targets The addresses, under names that stay the same across restarts
 * @returns The due notifications, and the new state
 */
export function planNotifications(
  state: AlertState,
  config: Pick<AlertsConfig, "rules" | "groupWaitMs" | "repeatIntervalMs">,
  now: number,
  targets: readonly string[],
): NotificationPlan {
  const { repeatIntervalMs } = config;
  const groups: Record<string, NotificationGroup> = {};
  const due: DueNotification[] = [];
  for (const group of groupAlerts(state, config)) {
    const { key } = group;
    const fires = group.alerts.filter((alert) => alert.state === "firing");
    const muted = new Set(fires.filter((alert) => findMute(alert, state, config, now) !== undefined));
    const firing = fires.filter((alert) => !muted.has(alert));
    const kept = new Set(firing.filter((alert) => isKept(alert, state, config)));
    const known = Object.hasOwn(state.groups, key) ? state.groups[key] : undefined;
    if (known === undefined && firing.length === 0) continue;
    const nextAt = known?.nextAt ?? now + group.waitMs;
    const isFlush = now >= nextAt;
    const ended = group.alerts.filter(isEnded);
    const moment = { group, firing, kept, muted, ended, isFlush, repeatIntervalMs, now };
    const deliveries: Record<string, Delivery> = {};
    for (const target of targets) {
      const { delivery, message } = planDelivery(known?.deliveries[target] ?? UNTOLD, moment);
      deliveries[target] = delivery;
      if (message === null) continue;
      due.push({
        groupKey: key,
        target,
        firing: delivery.claimed,
        notification: makeNotification(group, message.firing, message.ended),
        ended: message.ended.map((alert) => alert.fingerprint),
        isLate: message.isLate,
      });
    }
    const isAlive = fires.length > 0 || Object.values(deliveries).some(isOwing);
    if (!isAlive) continue;
    groups[key] = { deliveries, nextAt: isFlush ? now + group.intervalMs : nextAt };
  }
  return { state: { ...state, groups: { ...keepUnanswered(state, groups, now), ...groups } }, due };
}

/** Whether an alert still fires only because its rule has `onNoData: keep`, and had no data when it was last evaluated. */
function isKept(
  { rule, breachedAt }: TrackedAlert,
  { evaluatedAt }: AlertState,
  { rules }: Pick<AlertsConfig, "rules">,
): boolean {
  return breachedAt < evaluatedAt && rules.find(({ name }) => name === rule)?.onNoData === "keep";
}

/** Groups whose alerts are gone, and of which an address has not answered. */
function keepUnanswered(
  state: AlertState,
  groups: Readonly<Record<string, NotificationGroup>>,
  now: number,
): Record<string, NotificationGroup> {
  const kept: Record<string, NotificationGroup> = {};
  for (const [key, group] of Object.entries(state.groups)) {
    if (Object.hasOwn(groups, key)) continue;
    const deliveries = Object.entries(group.deliveries).flatMap(([target, { sentAt, trouble }]) => {
      const isShown = trouble?.retryAt === null && now - trouble.sinceAt < UNANSWERED_KEPT_MS;
      return isShown ? [[target, { ...UNTOLD, sentAt, trouble }] as const] : [];
    });
    if (deliveries.length > 0) kept[key] = { nextAt: null, deliveries: Object.fromEntries(deliveries) };
  }
  return kept;
}

/** Whether an address still has to be told something. */
function isOwing({ firing, missed, isOwed }: Delivery): boolean {
  return firing.length > 0 || missed.length > 0 || isOwed;
}
