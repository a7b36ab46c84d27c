import { type Clock, KitError, systemClock } from "../base/mod.ts";
import { nameAddresses } from "./receivers/name_addresses.ts";
import type { AlertChange } from "./states/alert_change.ts";
import type { AlertEvent } from "./alert_event.ts";
import { type AlertState, EMPTY_ALERT_STATE } from "./states/alert_state.ts";
import { type AlertStatus, alertStatus } from "./alert_status.ts";
import { AlertStore } from "./states/alert_store.ts";
import type { AlertsConfig } from "./config/alerts_config.ts";
import { dispatch } from "./delivery/dispatch.ts";
import { evaluateRules } from "./rules/evaluate_rules.ts";
import { markFailed, markSent } from "./delivery/mark_sent.ts";
import type { Notification } from "./delivery/notification.ts";
import type { MetricSource } from "./rules/metric_source.ts";
import { type DueNotification, planNotifications } from "./delivery/plan_notifications.ts";
import type { Receiver } from "./receivers/receiver.ts";

/** Options of {@linkcode AlertManager.open}. */
export interface AlertManagerOptions {
  /** Rules, routes, inhibition and the names of the receivers. */
  readonly config: AlertsConfig;
  /** Source of the metrics that the rules read. */
  readonly source: MetricSource;
  /** Path of the state file; its lock file is created next to it. */
  readonly statePath: string;
  /** The addresses of each receiver in the configuration, by the receiver's name. */
  readonly receivers: ReadonlyMap<string, readonly Receiver[]>;
  /**
   * Machine and library that the alerts come from. Every message names them, because one address may receive the
   * alerts of several machines and libraries. If not set, messages name no origin.
   *
   * @default {undefined}
   */
  readonly origin?: AlertOrigin | undefined;
  /**
   * Clock; tests pass a fake one.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
  /** Called with every event. */
  readonly onEvent?: (event: AlertEvent) => void;
}

/** The machine and the library that alerts come from. */
export interface AlertOrigin {
  /** The machine's name. */
  readonly machine: string;
  /** The library's folder. */
  readonly library: string;
}

type SettledOptions = AlertManagerOptions & Required<Pick<AlertManagerOptions, "clock" | "onEvent">>;

/** Result of {@linkcode AlertManager.tick}. */
export interface AlertTick {
  /** Alerts that changed their state. */
  readonly changes: readonly AlertChange[];
  /** Number of notifications that an address accepted. */
  readonly sent: number;
  /** Number of notifications that failed; the next tick sends them again. */
  readonly failed: number;
  /** Number of alerts that fire after the tick. */
  readonly firing: number;
}

/** Options of {@linkcode AlertManager.tick}. */
export interface AlertTickOptions {
  /**
   * Evaluate all rules, including those whose interval has not passed.
   *
   * @default {false}
   */
  readonly isForced?: boolean;
  /** Stops the wait for the state's lock, and all sending. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Evaluates rules, keeps the alert state and sends notifications. Call {@linkcode AlertManager.tick} at least as often
 * as the shortest interval of a rule. Several processes may share a state file; each notification is sent by only one
 * of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AlertManager, parseAlertsConfig, parseReceiverUrl } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules: [{ alert: Slow, expr: latency_seconds > 2s, severity: critical, annotations: { summary: Slow } }]
 * receivers: [{ name: me, urls: ["stdout:"] }]
 * `);
 * const source = { names: null, read: () => [{ labels: {}, value: 3, samples: 1 }] };
 * const receivers = new Map([["me", [parseReceiverUrl("stdout:", { print: () => Promise.resolve() })]]]);
 * const statePath = `${await Deno.makeTempDir()}/alerts.json`;
 *
 * const manager = await AlertManager.open({ config, source, statePath, receivers });
 * const { firing, sent } = await manager.tick();
 * assertEquals({ firing, sent }, { firing: 1, sent: 1 });
 * ```
 */
export class AlertManager {
  readonly #options: SettledOptions;
  readonly #store: AlertStore;
  readonly #targets: ReadonlyMap<string, ReadonlyMap<string, Receiver>>;
  #state: AlertState = EMPTY_ALERT_STATE;

  private constructor(options: SettledOptions) {
    const { statePath, receivers, onEvent } = options;
    this.#options = options;
    // Without `clock`: other processes release the lock in real time, even if the alerts run on a fake clock.
    this.#store = new AlertStore(statePath, { onWarning: (message) => onEvent({ type: "warning", message }) });
    this.#targets = nameAddresses(receivers);
  }

  /**
   * Open a manager and read its state.
   *
   * @param options Rules, metric source, state file and receivers
   * @returns The manager
   * @throws {KitError} `usage` if a route names a receiver that is missing in `receivers`; `unsafe` if a later version
   * wrote the state
   */
  static async open(options: AlertManagerOptions): Promise<AlertManager> {
    const { clock = systemClock, onEvent = () => {} } = options;
    for (const { receiver } of options.config.routes) {
      if (receiver === "" || options.receivers.has(receiver)) continue;
      throw new KitError("usage", `Cannot send alerts: there is no receiver "${receiver}", which a route names`);
    }
    const manager = new AlertManager({ ...options, clock, onEvent });
    manager.#state = await manager.#store.read();
    return manager;
  }

  /**
   * Evaluate the rules that are due, send the notifications that are due, and save the outcome. A notification that a
   * receiver does not accept is sent again at the next tick.
   *
   * @param now Milliseconds since the epoch; the clock's time if absent
   * @param options Whether to evaluate all rules, and a signal
   * @returns The changed alerts, how many notifications were sent and failed, and how many alerts fire
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
        onEvent({ type: "warning", message: `Cannot track ${evaluation.dropped} more alerts: the limit is reached` });
      }
      changes = evaluation.changes;
      due = plan.due;
      return plan.state;
    }, { signal });
    for (const change of changes) onEvent({ type: "change", change });
    const outcomes = await Promise.all(due.map((one) => this.#send(one, signal)));
    if (due.length > 0) {
      // No signal here: even after an abort, a delivered notification must be recorded, or it would be sent twice.
      this.#state = await this.#store.update((state) =>
        due.reduce((next, one, index) => outcomes[index] ? markSent(next, one, now) : markFailed(next, one), state)
      );
    }
    const sent = outcomes.filter((isSent) => isSent).length;
    const firing = Object.values(this.#state.alerts).filter((alert) => alert.state === "firing").length;
    return { changes, sent, failed: outcomes.length - sent, firing };
  }

  /** Report the alerts and silences of the state as it was last read or written. */
  status(): AlertStatus {
    return alertStatus(this.#state, this.#options.config, this.#options.clock.now());
  }

  async #send(due: DueNotification, signal: AbortSignal | undefined): Promise<boolean> {
    const { onEvent, clock } = this.#options;
    const receiver = this.#targets.get(due.receiver)!.get(due.target)!;
    const [result] = await dispatch(addOrigin(due.notification, this.#options.origin), [receiver], { signal, clock });
    if (result?.ok === true) onEvent({ type: "sent", due });
    else onEvent({ type: "failed", due, message: result?.error ?? "no result" });
    return result?.ok === true;
  }
}

function addOrigin(notification: Notification, origin: AlertOrigin | undefined): Notification {
  if (origin === undefined) return notification;
  const { machine, library } = origin;
  const alerts = notification.alerts.map((alert) => ({
    ...alert,
    annotations: { ...alert.annotations, machine, library },
  }));
  return { ...notification, alerts };
}
