import { formatDuration } from "../../base/mod.ts";
import { routeOf } from "../delivery/group_alerts.ts";
import { type Observation, readRule } from "./_read_rule.ts";
import type { AlertRule, AlertThreshold } from "./alert_rule.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import { formatMetricValue } from "./format_metric_value.ts";
import type { MetricSource } from "./metric_source.ts";

/** What a rule looks at, what it sees now, and what would be told. */
export interface RuleExplanation {
  /** The rule's name. */
  readonly rule: string;
  /** Its condition in words. */
  readonly condition: string;
  /** Each combination of labels, and what was measured there. */
  readonly readings: readonly {
    /** The labels. */
    readonly labels: Readonly<Record<string, string>>;
    /** For a person. */
    readonly value: string;
    /** `null` when there is not enough data. */
    readonly isBreached: boolean | null;
  }[];
  /** When it fires, ends and what no data means, in words. */
  readonly behaviour: string;
  /** Who is told, and when. */
  readonly route: string;
  /** What to do about it. */
  readonly remedy: string | null;
  /** Where more of it stands. */
  readonly runbook: string | null;
}

/**
 * Explain a rule.
 *
 * @param rule The rule
 * @param config Its configuration
 * @param source The metrics
 * @param now Milliseconds since the epoch
 * @returns Words and readings
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
    condition: rule.anyOf.map((all) => all.map(spell).join(" and ")).join(", or "),
    readings,
    behaviour: behaviourOf(rule),
    route: route.receiver === ""
      ? "nobody is told: there is no receiver"
      : `"${route.receiver}" is told ${wait}, and again every ${formatDuration(route.repeatIntervalMs)}`,
    remedy: rule.annotations.remedy ?? null,
    runbook: rule.annotations.runbook ?? null,
  };
}

function spell(threshold: AlertThreshold): string {
  const { metric, over, op, value, windowMs, minSamples } = threshold;
  const what = over === undefined ? metric : `${metric} / ${over}`;
  const least = minSamples > 1 ? ` with ${minSamples} events or more` : "";
  return `${what} over ${formatDuration(windowMs)} ${op} ${formatMetricValue(unitName(threshold), value)}${least}`;
}

function unitName({ metric, over }: AlertThreshold): string {
  return over === undefined ? metric : `${metric}_ratio`;
}

function behaviourOf(rule: AlertRule): string {
  const begins = rule.forMs === 0
    ? "fires at the first breach"
    : `fires after a breach of ${formatDuration(rule.forMs)}`;
  const ends = rule.keepFiringForMs === 0
    ? "ends with the breach"
    : `ends ${formatDuration(rule.keepFiringForMs)} after the breach`;
  const noData =
    { ok: "no data is well", alert: "no data is an alert", keep: "no data changes nothing" }[rule.onNoData];
  return `${begins}, ${ends}; ${noData}`;
}
