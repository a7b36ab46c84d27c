import {
  advanceBreached,
  advanceClear,
  type ClearValue,
  type EvaluationTimes,
  type Identity,
} from "../states/advance_alert.ts";
import { AlertTable } from "../states/alert_table.ts";
import { fillAnnotations } from "./_fill_annotations.ts";
import { type Observation, readRule } from "./_read_rule.ts";
import { rebaseState } from "../states/rebase_state.ts";
import type { AlertChange } from "../states/alert_change.ts";
import { alertFingerprint } from "../states/alert_fingerprint.ts";
import type { AlertRule } from "../alert_rule.ts";
import type { AlertState, TrackedAlert } from "../states/alert_state.ts";
import type { AlertsConfig } from "../alerts_config.ts";
import type { MetricSource } from "./metric_source.ts";
import { dropEndedSilences } from "../states/change_silences.ts";

/** Result of an evaluation. */
export interface Evaluation {
  /** The new state. */
  readonly state: AlertState;
  /** Alerts that changed their state. */
  readonly changes: readonly AlertChange[];
}

/**
 * How long a resolved alert is kept: 15 minutes, or 7 days while a receiver still has to be notified that it resolved.
 */
const RESOLVED_KEPT_MS = 900_000;
const RESOLVED_OWED_MS = 7 * 86_400_000;

/**
 * Evaluate the rules and update every alert. The function is pure except that it reads the source: nothing is sent or
 * written. If the clock was set back, no time counts as elapsed.
 *
 * @param state The state before the evaluation
 * @param config The rules to evaluate
 * @param source The metrics that the rules read
 * @param now Milliseconds since the epoch
 * @returns The new state, and the alerts that changed
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EMPTY_ALERT_STATE, evaluateRules, parseAlertsConfig } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * rules: [{ alert: Slow, metric: latency_seconds, value: 2s, severity: warning, annotations: { summary: Slow } }]
 * receivers: []
 * `);
 * const source = { read: () => [{ labels: {}, value: 3, samples: 1 }] };
 *
 * const { changes } = evaluateRules(EMPTY_ALERT_STATE, config, source, Date.now());
 * assertEquals(changes.map(({ from, to, alert }) => [alert.rule, from, to]), [["Slow", "inactive", "firing"]]);
 * ```
 */
export function evaluateRules(
  state: AlertState,
  config: Pick<AlertsConfig, "rules">,
  source: MetricSource,
  now: number,
): Evaluation {
  const before = rebaseState(state, now);
  const table = new AlertTable(before.alerts);
  for (const rule of config.rules) evaluateRule(rule, source, table, { now, beforeAt: before.evaluatedAt });
  resolveOrphans(table, config.rules, now);
  for (const alert of findExpired(table.all(), before, now)) table.forget(alert.fingerprint);
  const silences = dropEndedSilences(before.silences, now);
  return {
    state: { ...before, evaluatedAt: now, alerts: table.toRecord(), silences },
    changes: table.changes,
  };
}

function evaluateRule(rule: AlertRule, source: MetricSource, table: AlertTable, moment: EvaluationTimes): void {
  const { now } = moment;
  const observed = new Set<string>();
  const observations = readRule(rule, source, now);
  const keepsWithoutData = rule.onNoData === "keep";
  for (const observation of observations) {
    const identity = identify(rule, observation);
    const { fingerprint } = identity;
    const previous = table.get(fingerprint);
    observed.add(fingerprint);
    if (keepsWithoutData && hasNoData(observation)) continue;
    if (observation.isBreached === true) {
      table.put(fingerprint, advanceBreached(previous, identity, rule, moment));
    } else if (previous !== undefined) {
      table.put(fingerprint, advanceClear(previous, clearValueOf(identity), rule, now));
    }
  }
  // If the metric has no data at all, alerts that it no longer names may still last.
  if (keepsWithoutData && observations.every(hasNoData)) return;
  for (const alert of table.all()) {
    if (alert.rule !== rule.name || observed.has(alert.fingerprint)) continue;
    table.put(alert.fingerprint, advanceClear(alert, NO_DATA, rule, now));
  }
}

/** Whether there is not enough data to say that the rule is breached or not. */
function hasNoData({ isBreached }: Observation): boolean {
  return isBreached === null;
}

const NO_DATA: ClearValue = { value: null, text: null };

/** The value of an alert, with the text that people read for it. */
function clearValueOf({ value, annotations }: Identity): ClearValue {
  return value === null ? NO_DATA : { value, text: annotations["value"] ?? null };
}

/** Resolve alerts whose rule no longer exists. */
function resolveOrphans(table: AlertTable, rules: readonly AlertRule[], now: number): void {
  const names = new Set(rules.map((rule) => rule.name));
  for (const alert of table.all()) {
    if (names.has(alert.rule)) continue;
    table.put(alert.fingerprint, advanceClear(alert, NO_DATA, { keepFiringForMs: 0 }, now));
  }
}

function identify(rule: AlertRule, observation: Observation): Identity {
  const labels = { ...observation.labels, alertname: rule.name, severity: rule.severity };
  return {
    rule: rule.name,
    fingerprint: alertFingerprint(labels),
    severity: rule.severity,
    labels,
    annotations: fillAnnotations(rule, labels, observation),
    value: observation.value,
  };
}

function findExpired(alerts: readonly TrackedAlert[], { groups }: AlertState, now: number): readonly TrackedAlert[] {
  const deliveries = Object.values(groups).flatMap((group) => Object.values(group.deliveries));
  // A receiver that was notified of an alert as firing, or is still to be, must be notified of its end as well.
  const owed = new Set(deliveries.flatMap(({ firing, missed }) => [...firing, ...missed]));
  return alerts.filter(({ state, resolvedAt, fingerprint }) =>
    state === "resolved" && now - resolvedAt! > (owed.has(fingerprint) ? RESOLVED_OWED_MS : RESOLVED_KEPT_MS)
  );
}
