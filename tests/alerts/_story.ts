import {
  type AlertsConfig,
  type AlertState,
  type DueNotification,
  EMPTY_ALERT_STATE,
  evaluateRules,
  formatAlertState,
  type MetricPeriod,
  type MetricReading,
  type MetricSource,
  parseAlertsConfig,
  parseAlertState,
} from "../../lib/alerts/mod.ts";
import { planNotifications } from "../../lib/alerts/delivery/plan_notifications.ts";
import { type DeliveryOutcome, recordOutcome } from "../../lib/alerts/delivery/record_outcome.ts";

/** Start of every story. */
export const START = Date.UTC(2026, 0, 1);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A configuration with one receiver, from its other keys. */
export function configOf(text: string): AlertsConfig {
  return parseAlertsConfig(`${text}\nreceivers: ["stdout:"]\n`);
}

/** A source whose readings the test sets; a single number is a reading without labels and with 100 events. */
export class FakeSource implements MetricSource {
  readings: Record<string, number | null | readonly MetricReading[]> = {};

  read(metric: string, _options?: MetricPeriod): readonly MetricReading[] {
    const value = this.readings[metric];
    if (value === undefined) return [];
    return typeof value === "number" || value === null ? [{ labels: {}, value, samples: 100 }] : value;
  }
}

/** Rules, state and receivers that accept everything, without files: time passes by `tick`. */
export class Story {
  readonly source = new FakeSource();
  readonly sent: (DueNotification & { readonly at: number })[] = [];
  state: AlertState = EMPTY_ALERT_STATE;
  /** Whether the process dies after a delivery and before it is recorded. */
  isDying = false;
  /** Receivers that accept nothing now. */
  readonly down = new Set<string>();
  /** Receivers that read what they are sent, and give no answer now. */
  readonly hanging = new Set<string>();
  /** What a receiver that is down answers. */
  refusal: DeliveryOutcome = { kind: "refused", message: "it is down" };
  now = START;

  constructor(public config: AlertsConfig, public targets: readonly string[] = ["me"]) {}

  /** Evaluate, plan and send now; returns what was sent. */
  tick(): readonly DueNotification[] {
    this.state = evaluateRules(this.state, this.config, this.source, this.now).state;
    return this.#send();
  }

  /** Send what is due, and then the ends of what was sent late. */
  #send(): readonly DueNotification[] {
    const plan = planNotifications(this.state, this.config, this.now, this.targets);
    this.state = plan.state;
    const taken = plan.due.filter((due) => !this.down.has(due.target));
    for (const due of this.isDying ? [] : plan.due) {
      this.state = recordOutcome(this.state, due, this.#outcomeOf(due), this.now);
    }
    this.sent.push(...taken.map((due) => ({ ...due, at: this.now - START })));
    return taken.some(({ isLate }) => isLate) ? [...taken, ...this.#send()] : taken;
  }

  #outcomeOf({ target }: DueNotification): DeliveryOutcome {
    if (this.down.has(target)) return this.refusal;
    return this.hanging.has(target) ? { kind: "unanswered", message: "no answer" } : { kind: "accepted" };
  }

  /** Advance time in steps, and tick after each. */
  pass(ms: number, stepMs: number, before: (now: number) => void = () => {}): void {
    for (const end = this.now + ms; this.now < end;) {
      this.now += stepMs;
      before(this.now - START);
      this.tick();
    }
  }

  /** Keep only what survives a restart. */
  restart(): void {
    this.state = parseAlertState(formatAlertState(this.state));
  }

  /** The states of all alerts of a rule. */
  states(rule: string): readonly string[] {
    return Object.values(this.state.alerts).filter((alert) => alert.rule === rule).map((alert) => alert.state);
  }

  /** Summary of what was sent: status, number of alerts. */
  get log(): readonly string[] {
    return this.sent.map(({ notification }) => `${notification.status} ${notification.alerts.length}`);
  }
}

/** A rule on metric `m` above 1 whose alerts are sent at once, unless `wait` says how long they wait. */
export function oneRule(more = "", wait = "0s"): string {
  return `
rules:
  - { alert: High, metric: m, value: 1, severity: warning, annotations: { summary: "is {{value}}" }${more} }
groupWait: ${wait}`;
}
