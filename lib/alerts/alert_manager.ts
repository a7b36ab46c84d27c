import { type Clock, messageOf, systemClock } from "../base/mod.ts";
import { nameAddresses } from "./receivers/name_addresses.ts";
import type { AlertChange } from "./states/alert_change.ts";
import type { AlertEvent } from "./alert_event.ts";
import { type AlertState, EMPTY_ALERT_STATE } from "./states/alert_state.ts";
import { type AlertStatus, alertStatus } from "./alert_status.ts";
import { AlertStore } from "./states/alert_store.ts";
import type { AlertsConfig } from "./alerts_config.ts";
import { dispatch } from "./delivery/dispatch.ts";
import { evaluateRules } from "./rules/evaluate_rules.ts";
import { type DeliveryOutcome, recordOutcome } from "./delivery/record_outcome.ts";
import type { Notification } from "./receivers/notification.ts";
import type { MetricSource } from "./rules/metric_source.ts";
import { type DueNotification, type NotificationPlan, planNotifications } from "./delivery/plan_notifications.ts";
import type { Receiver } from "./receivers/receiver.ts";

/** Options of {@linkcode AlertManager.open}. */
export interface AlertManagerOptions {
  /** Rules and waits. */
  readonly config: AlertsConfig;
  /** Source of the metrics that the rules read. */
  readonly source: MetricSource;
  /** Path of the state file; its lock file is created next to it. */
  readonly statePath: string;
  /**
   * Whether the folder of the state may be used; see {@linkcode AlertStoreOptions.isPresent}.
   *
   * @default {it may}
   */
  readonly isPresent?: (() => boolean | Promise<boolean>) | undefined;
  /** The receivers; each is notified of everything, and has its own delivery state. */
  readonly receivers: readonly Receiver[];
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

type SettledAlertManager = AlertManagerOptions & Required<Pick<AlertManagerOptions, "clock" | "onEvent">>;

/** Result of {@linkcode AlertManager.tick}. */
export interface AlertTick {
  /** Alerts that changed their state. */
  readonly changes: readonly AlertChange[];
  /** Number of notifications that an address accepted. */
  readonly sent: number;
  /** Number of notifications that an address refused, or that could not be sent; they are sent again after a wait. */
  readonly failed: number;
  /** Number of notifications that left without an answer in time; they may have arrived, and are not sent again. */
  readonly unanswered: number;
  /** Number of alerts that fire after the tick. */
  readonly firing: number;
}

/** Options of {@linkcode AlertManager.tick}. */
export interface AlertTickOptions {
  /**
   * How long to wait for the receivers, in milliseconds. What they do not answer by then goes on in the background, and
   * is not counted in the result; {@linkcode AlertManager.close} waits for it.
   *
   * @default {Infinity}
   */
  readonly waitMs?: number;
  /** Stops the wait for the state's lock, and all sending. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Evaluates rules, keeps the alert state and sends notifications. Call {@linkcode AlertManager.tick} every half minute
 * or so. Several processes may share a state file; each notification is sent by only one
 * of them, and never twice at the same time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AlertManager, parseAlertsConfig, parseReceiverUrl } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * rules: [{ alert: Slow, metric: latency_seconds, value: 2s, severity: critical, annotations: { summary: Slow } }]
 * receivers: ["stdout:"]
 * `);
 * const source = { read: () => [{ labels: {}, value: 3, samples: 1 }] };
 * const receivers = [parseReceiverUrl("stdout:", { print: () => Promise.resolve() })];
 * const statePath = `${await Deno.makeTempDir()}/alerts.json`;
 *
 * const manager = await AlertManager.open({ config, source, statePath, receivers });
 * const { firing, sent } = await manager.tick();
 * assertEquals({ firing, sent }, { firing: 1, sent: 1 });
 * ```
 */
export class AlertManager {
  readonly #options: SettledAlertManager;
  readonly #store: AlertStore;
  readonly #targets: ReadonlyMap<string, Receiver>;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #state: AlertState = EMPTY_ALERT_STATE;

  private constructor(options: SettledAlertManager) {
    const { statePath, isPresent, receivers, onEvent } = options;
    this.#options = options;
    // Without `clock`: other processes release the lock in real time, even if the alerts run on a fake clock.
    this.#store = new AlertStore(statePath, {
      isPresent,
      onWarning: (message) => onEvent({ type: "warning", message }),
    });
    this.#targets = nameAddresses(receivers);
  }

  /**
   * Open a manager and read its state.
   *
   * @param options Rules, metric source, state file and receivers
   * @returns The manager
   * @throws {KitError} `unsafe` if a later version wrote the state
   */
  static async open(options: AlertManagerOptions): Promise<AlertManager> {
    const { clock = systemClock, onEvent = () => {} } = options;
    const manager = new AlertManager({ ...options, clock, onEvent });
    manager.#state = await manager.#store.read();
    return manager;
  }

  /**
   * Evaluate the rules, send the notifications that are due, and save the outcome. A notification that a
   * receiver refuses is sent again by a later tick, after a wait that grows from 30 seconds to 15 minutes.
   *
   * @param now Milliseconds since the epoch; the clock's time if absent
   * @param options How long to wait for receivers, and a signal
   * @returns The changed alerts, how many notifications were sent and failed, and how many alerts fire
   */
  async tick(now: number = this.#options.clock.now(), options: AlertTickOptions = {}): Promise<AlertTick> {
    const { waitMs = Infinity, signal } = options;
    const { config, source, onEvent } = this.#options;
    let changes: readonly AlertChange[] = [];
    let due: readonly DueNotification[] = [];
    this.#state = await this.#store.update((state) => {
      const evaluation = evaluateRules(state, config, source, now);
      changes = evaluation.changes;
      const plan = this.#plan(evaluation.state, now);
      due = plan.due;
      return plan.state;
    }, { signal });
    for (const change of changes) onEvent({ type: "change", change });
    const counts = { accepted: 0, refused: 0, unanswered: 0 };
    const delivery = this.#deliver(due, counts, { startedAt: now, signal });
    await this.#wait(delivery, waitMs);
    const firing = Object.values(this.#state.alerts).filter((alert) => alert.state === "firing").length;
    return { changes, sent: counts.accepted, failed: counts.refused, unanswered: counts.unanswered, firing };
  }

  /**
   * Wait until nothing is sent any more, for at most some time.
   *
   * @param waitMs Milliseconds, after which what is still under way is stopped
   */
  async close(waitMs = 5000): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(new DOMException("The manager is closed", "AbortError")), waitMs);
    try {
      await Promise.all(this.#underWay);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Report the alerts and silences of the state as it was last read or written. */
  status(): AlertStatus {
    return alertStatus(this.#state, this.#options.config, this.#options.clock.now());
  }

  #plan(state: AlertState, now: number): NotificationPlan {
    return planNotifications(state, this.#options.config, now, [...this.#targets.keys()]);
  }

  /** Wait for deliveries, for at most some time; they go on afterwards. */
  async #wait(delivery: Promise<void>, waitMs: number): Promise<void> {
    // A failure is a failure of the tick as long as it waits, and a warning afterwards.
    let isWaiting = true;
    const inBackground = delivery.catch((error) => {
      if (isWaiting) throw error;
      this.#options.onEvent({ type: "warning", message: messageOf(error) });
    });
    const tracked: Promise<unknown> = inBackground.catch(() => {}).finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    if (waitMs === Infinity) return await inBackground;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    try {
      await Promise.race([inBackground, over]);
    } finally {
      isWaiting = false;
      clearTimeout(timer);
    }
  }

  /** Send notifications, and then the ends of alerts that an address was told of late. */
  async #deliver(
    due: readonly DueNotification[],
    counts: Record<DeliveryOutcome["kind"], number>,
    { startedAt, signal }: { readonly startedAt: number; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    const { clock } = this.#options;
    const beginMs = clock.monotonic();
    const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    let next: readonly DueNotification[] = [];
    await Promise.all(due.map(async (one) => {
      const outcome = await this.#send(one, stop);
      counts[outcome.kind]++;
      const now = startedAt + clock.monotonic() - beginMs;
      // No signal here: even after an abort, a delivered notification must be recorded, or it would be sent twice.
      this.#state = await this.#store.update((state) => recordOutcome(state, one, outcome, now));
    }));
    if (!due.some(({ isLate }) => isLate) || stop.aborted) return;
    const now = startedAt + clock.monotonic() - beginMs;
    this.#state = await this.#store.update((state) => {
      const plan = this.#plan(state, now);
      next = plan.due;
      return plan.state;
    });
    await this.#deliver(next, counts, { startedAt: now, signal });
  }

  async #send(due: DueNotification, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { onEvent, clock } = this.#options;
    const receiver = this.#targets.get(due.target)!;
    // After a failure, the waits between the deliveries replace the quick attempts.
    const isFirst = this.#state.groups[due.groupKey]?.deliveries[due.target]?.trouble?.retryAt == null;
    const notification = addOrigin(due.notification, this.#options.origin);
    const [result] = await dispatch(notification, [receiver], { signal, clock, maxAttempts: isFirst ? 3 : 1 });
    if (result?.ok === true) {
      onEvent({ type: "sent", due });
      return { kind: "accepted" };
    }
    const message = result?.error ?? "no result";
    if (result?.isUnanswered === true) {
      onEvent({ type: "unanswered", due, message: `${message}; it may have arrived, and is not sent again for that` });
      return { kind: "unanswered", message };
    }
    onEvent({ type: "failed", due, message });
    return { kind: "refused", message, retryAfterMs: result?.retryAfterMs ?? undefined };
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
