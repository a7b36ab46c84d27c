import { type Clock, KitError, systemClock } from "../base/mod.ts";
import { nameTargets } from "./receivers/name_targets.ts";
import { planAnnouncement } from "./delivery/plan_announcement.ts";
import type { AlertChange } from "./states/alert_change.ts";
import type { AlertEvent } from "./alert_event.ts";
import { type AlertState, EMPTY_ALERT_STATE } from "./states/alert_state.ts";
import { type AlertStatus, alertStatus } from "./alert_status.ts";
import { AlertStore } from "./states/alert_store.ts";
import type { AlertsConfig } from "./config/alerts_config.ts";
import type { Announcement } from "./delivery/announcement.ts";
import { dispatch, type DispatchResult } from "./delivery/dispatch.ts";
import { evaluateRules } from "./rules/evaluate_rules.ts";
import { markFailed, markSent } from "./delivery/mark_sent.ts";
import type { Notification } from "./delivery/notification.ts";
import type { MetricSource } from "./rules/metric_source.ts";
import { type DueNotification, planNotifications } from "./delivery/plan_notifications.ts";
import type { Receiver } from "./receivers/receiver.ts";

/** Options of {@linkcode AlertManager.open}. */
export interface AlertManagerOptions {
  /** Rules, routes, receivers by name. */
  readonly config: AlertsConfig;
  /** Where the rules' metrics come from. */
  readonly source: MetricSource;
  /** The file of the state; its lock lies beside it. */
  readonly statePath: string;
  /** The addresses of each receiver of the configuration. */
  readonly receivers: ReadonlyMap<string, readonly Receiver[]>;
  /**
   * Whose alerts these are: every message names it, since one address may hear of many.
   *
   * @default {messages name none}
   */
  readonly origin?: AlertOrigin | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /** Told of all that happens. */
  readonly onEvent?: (event: AlertEvent) => void;
}

/** Whose alerts they are. */
export interface AlertOrigin {
  /** The machine's name. */
  readonly machine: string;
  /** The library's folder. */
  readonly library: string;
}

type SettledOptions = AlertManagerOptions & Required<Pick<AlertManagerOptions, "clock" | "onEvent">>;

/** What a tick did. */
export interface AlertTick {
  /** What became of alerts. */
  readonly changes: readonly AlertChange[];
  /** Notifications that were taken. */
  readonly sent: number;
  /** Notifications that were not, and are told again. */
  readonly failed: number;
  /** Alerts that fire now. */
  readonly firing: number;
}

/** Options of {@linkcode AlertManager.tick}. */
export interface AlertTickOptions {
  /**
   * Evaluate all rules, also those whose interval is not over.
   *
   * @default {false}
   */
  readonly isForced?: boolean;
  /** Stops waiting and sending. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Rules, state and receivers together: call {@linkcode AlertManager.tick} as often as rules are to be evaluated.
 * Several processes may share a state; each notification is sent by one of them.
 */
export class AlertManager {
  readonly #options: SettledOptions;
  readonly #store: AlertStore;
  readonly #targets: ReadonlyMap<string, ReadonlyMap<string, Receiver>>;
  #state: AlertState = EMPTY_ALERT_STATE;

  private constructor(options: SettledOptions) {
    const { statePath, receivers, onEvent } = options;
    this.#options = options;
    // Other processes let go of the file in real time, whatever the clock of the alerts says.
    this.#store = new AlertStore(statePath, { onWarning: (message) => onEvent({ type: "warning", message }) });
    this.#targets = nameTargets(receivers);
  }

  /**
   * Open a manager and read its state.
   *
   * @param options Rules, metrics, receivers
   * @returns The manager
   * @throws {KitError} `usage` for a receiver that is not given, or a state of a newer version
   */
  static async open(options: AlertManagerOptions): Promise<AlertManager> {
    const { clock = systemClock, onEvent = () => {} } = options;
    for (const { receiver } of options.config.routes) {
      if (receiver === "" || options.receivers.has(receiver)) continue;
      throw new KitError("usage", `Cannot send alerts: the receiver "${receiver}" of a route is not given`);
    }
    const manager = new AlertManager({ ...options, clock, onEvent });
    manager.#state = await manager.#store.read();
    return manager;
  }

  /**
   * Evaluate the rules that are due, send what is due, and remember it. What a receiver did not take is told again at
   * the next tick.
   *
   * @param now Milliseconds since the epoch; the clock's if absent
   * @param options Which rules, and how to stop
   * @returns What happened
   */
  async tick(now: number = this.#options.clock.now(), options: AlertTickOptions = {}): Promise<AlertTick> {
    const { isForced = false, signal } = options;
    const { config, source, onEvent } = this.#options;
    const targets = new Map([...this.#targets].map(([name, byTarget]) => [name, [...byTarget.keys()]]));
    let changes: readonly AlertChange[] = [];
    let due: readonly DueNotification[] = [];
    this.#state = await this.#store.update((state) => {
      const evaluation = evaluateRules(state, config, source, now, { isForced });
      const plan = planNotifications(evaluation.state, config, now, { targets });
      if (evaluation.dropped > 0) {
        onEvent({ type: "warning", message: `Cannot keep ${evaluation.dropped} more alerts: there are too many` });
      }
      changes = evaluation.changes;
      due = plan.due;
      return plan.state;
    }, { signal });
    for (const change of changes) onEvent({ type: "change", change });
    const outcomes = await Promise.all(due.map((one) => this.#send(one, signal)));
    if (due.length > 0) {
      // Also after an abort: what was taken must not be told twice.
      this.#state = await this.#store.update((state) =>
        due.reduce((next, one, index) => outcomes[index] ? markSent(next, one, now) : markFailed(next, one), state)
      );
    }
    const sent = outcomes.filter((isSent) => isSent).length;
    const firing = Object.values(this.#state.alerts).filter((alert) => alert.state === "firing").length;
    return { changes, sent, failed: outcomes.length - sent, firing };
  }

  /**
   * Tell at once of something that happened once, to the receiver that its route names, unless it is silenced. It is not
   * remembered: what an address does not take in its tries is lost there.
   *
   * @param news What happened
   * @param options Stops the sending
   * @returns How each address took it; none when nobody is to be told
   */
  async announce(
    news: Announcement,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly DispatchResult[]> {
    const { config, clock, receivers, onEvent } = this.#options;
    // Another process may have silenced it.
    this.#state = await this.#store.read();
    const notification = planAnnouncement(news, { state: this.#state, config, now: clock.now() });
    if (notification === null) return [];
    const told = nameOrigin(notification, this.#options.origin);
    const results = await dispatch(told, receivers.get(notification.receiver)!, { ...options, clock });
    for (const { ok, error } of results) {
      if (!ok) onEvent({ type: "warning", message: error ?? "an address took nothing" });
    }
    return results;
  }

  /** How the alerts stand since the last tick. */
  status(): AlertStatus {
    return alertStatus(this.#state, this.#options.config, this.#options.clock.now());
  }

  async #send(due: DueNotification, signal: AbortSignal | undefined): Promise<boolean> {
    const { onEvent, clock } = this.#options;
    const receiver = this.#targets.get(due.receiver)!.get(due.target)!;
    const [result] = await dispatch(nameOrigin(due.notification, this.#options.origin), [receiver], { signal, clock });
    if (result?.ok === true) onEvent({ type: "sent", due });
    else onEvent({ type: "failed", due, message: result?.error ?? "no result" });
    return result?.ok === true;
  }
}

function nameOrigin(notification: Notification, origin: AlertOrigin | undefined): Notification {
  if (origin === undefined) return notification;
  const { machine, library } = origin;
  const alerts = notification.alerts.map((alert) => ({
    ...alert,
    annotations: { ...alert.annotations, machine, library },
  }));
  return { ...notification, alerts };
}
