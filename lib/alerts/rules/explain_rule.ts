import { formatDuration } from "../../base/mod.ts";
import { routeOf } from "../delivery/group_alerts.ts";
import { type Observation, readRule } from "./_read_rule.ts";
import type { AlertRule, AlertThreshold } from "./alert_rule.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import { formatMetricValue } from "./format_metric_value.ts";
import type { MetricSource } from "./metric_source.ts";

/** A rule in words, with its current readings and the route of its alerts. */
export interface RuleExplanation {
  /** The rule's name. */
  readonly rule: string;
  /** Its thresholds in words. */
  readonly condition: string;
  /** The current reading for each combination of labels. */
  readonly readings: readonly {
    /** The labels that the rule splits by, with their values. */
    readonly labels: Readonly<Record<string, string>>;
    /** The value with its unit, such as `2.19 %`. */
    readonly value: string;
    /** Whether the rule is breached; `null` if there is not enough data. */
    readonly isBreached: boolean | null;
  }[];
  /** When it fires, when it resolves, and how missing data counts, in words. */
  readonly behavior: string;
  /** Which receiver is notified, and when, in words. */
  readonly route: string;
  /** What to do about the alert; `null` if the rule does not say. */
  readonly remedy: string | null;
  /** Address or path of further instructions; `null` if the rule has none. */
  readonly runbook: string | null;
}

/**
 * Explain a rule in words, with its current readings.
 *
 * @param rule The rule to explain
 * @param config The configuration that contains its route
 * @param source The metrics that the rule reads
 * @param now Milliseconds since the epoch
 * @returns The explanation, with the current readings
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { explainRule, parseAlertsConfig } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules: [{ alert: Slow, expr: latency_seconds > 2s, severity: warning, annotations: { summary: Slow } }]
 * `);
 * const source = { names: null, read: () => [{ labels: {}, value: 3, samples: 1 }] };
 *
 * const { condition, readings } = explainRule(config.rules[0]!, config, source, Date.now());
 * assertEquals(condition, "latency_seconds over 5m > 2s");
 * assertEquals(readings, [{ labels: {}, value: "3s", isBreached: true }]);
 * ```
 */
export function explainRule(
  rule: AlertRule,
  config: AlertsConfig,
  source: MetricSource,
  now: number,
): RuleExplanation {
  const readings = readRule(rule, source, now).map(({ labels, value, threshold, isBreached }: Observation) => ({
    labels,
    value: formatMetricValue(unitName(threshold), value),
    isBreached,
  }));
  const route = routeOf({ ...rule.labels, alertname: rule.name, severity: rule.severity }, config);
  const wait = route.groupWaitMs === 0 ? "at once" : `after ${formatDuration(route.groupWaitMs)}`;
  return {
    rule: rule.name,
    condition: rule.anyOf.map((all) => all.map(formatThreshold).join(" and ")).join(", or "),
    readings,
    behavior: describeBehavior(rule),
    route: route.receiver === ""
      ? "not sent: there is no receiver"
      : `sent to "${route.receiver}" ${wait}, and again every ${formatDuration(route.repeatIntervalMs)}`,
    remedy: rule.annotations.remedy ?? null,
    runbook: rule.annotations.runbook ?? null,
  };
}

function formatThreshold(threshold: AlertThreshold): string {
  const { metric, over, op, value, windowMs, minSamples } = threshold;
  const what = over === undefined ? metric : `${metric} / ${over}`;
  const minimum = minSamples > 1 ? ` with ${minSamples} events or more` : "";
  return `${what} over ${formatDuration(windowMs)} ${op} ${formatMetricValue(unitName(threshold), value)}${minimum}`;
}

function unitName({ metric, over }: AlertThreshold): string {
  return over === undefined ? metric : `${metric}_ratio`;
}

function describeBehavior(rule: AlertRule): string {
  const start = rule.forMs === 0
    ? "fires at the first breach"
    : `fires after a breach of ${formatDuration(rule.forMs)}`;
  const end = rule.keepFiringForMs === 0
    ? "ends with the breach"
    : `ends ${formatDuration(rule.keepFiringForMs)} after the breach`;
  const noData =
    { ok: "no data counts as ok", alert: "no data counts as a breach", keep: "no data changes nothing" }[rule.onNoData];
  return `${start}, ${end}; ${noData}`;
}
