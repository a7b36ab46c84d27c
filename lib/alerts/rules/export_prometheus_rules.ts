import { stringify } from "@std/yaml";
import { formatDuration } from "../../base/mod.ts";
import type { AlertRule, AlertThreshold } from "./alert_rule.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import { formatMetricValue } from "./format_metric_value.ts";
import { metricUnit } from "./metric_unit.ts";

/** How Prometheus computes a metric that rules use. */
export interface PrometheusMetric {
  /**
   * Build the expression for the value.
   *
   * @param window The range in Prometheus notation, such as `300s`
   * @param by Labels to keep
   * @returns A PromQL expression in parentheses
   */
  readonly value: (window: string, by: readonly string[]) => string;
  /** Build the expression for the number of events, for `minSamples`; absent if the metric does not count events. */
  readonly samples?: (window: string, by: readonly string[]) => string;
}

/** A rule file for Prometheus. */
export interface PrometheusRules {
  /** The rule file as YAML. */
  readonly text: string;
  /** Names of the rules that are omitted because no expression is known for one of their metrics. */
  readonly left: readonly string[];
}

/**
 * Export the rules to Prometheus.
 *
 * @param config The rules to export
 * @param metrics How Prometheus computes each metric, by the names that rules use
 * @returns The rule file, and the names of the rules that are omitted
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { exportPrometheusRules, parseAlertsConfig } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules: [{ alert: Slow, expr: latency_seconds > 2s, severity: warning, annotations: { summary: Slow } }]
 * `);
 * const { text } = exportPrometheusRules(config, {
 *   latency_seconds: { value: (window) => `(max_over_time(latency_seconds[${window}]))` },
 * });
 * assertStringIncludes(text, "(max_over_time(latency_seconds[300s])) > 2");
 * ```
 */
export function exportPrometheusRules(
  config: Pick<AlertsConfig, "rules">,
  metrics: Readonly<Record<string, PrometheusMetric>>,
): PrometheusRules {
  const groups = new Map<string, { name: string; interval: string; rules: object[] }>();
  const left: string[] = [];
  for (const rule of config.rules) {
    const lists = rule.anyOf.map((all) => all.map((threshold) => toExpression(threshold, rule.by, metrics)));
    if (lists.flat().includes(undefined)) {
      left.push(rule.name);
      continue;
    }
    const expr = lists.map((all) => all.join(" and ")).map((text) => lists.length > 1 ? `(${text})` : text).join(
      " or ",
    );
    const group = groups.get(rule.group) ?? { name: rule.group, interval: promDuration(rule.intervalMs), rules: [] };
    group.rules.push(toPrometheusRule(rule, expr));
    groups.set(rule.group, group);
  }
  return { text: stringify({ groups: [...groups.values()] }, { lineWidth: -1 }), left };
}

function toPrometheusRule(rule: AlertRule, expr: string): object {
  const annotations = Object.entries(rule.annotations).map(([name, text]: [string, string]) => [
    name === "runbook" ? "runbook_url" : name,
    text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, placeholder: string) => toTemplate(placeholder, rule)),
  ]);
  return {
    alert: rule.name,
    expr,
    ...rule.forMs > 0 ? { for: promDuration(rule.forMs) } : {},
    ...rule.keepFiringForMs > 0 ? { keep_firing_for: promDuration(rule.keepFiringForMs) } : {},
    labels: { ...rule.labels, severity: rule.severity },
    annotations: Object.fromEntries(annotations),
  };
}

function toTemplate(placeholder: string, rule: AlertRule): string {
  const { metric, over, value, windowMs } = rule.anyOf[0]![0]!;
  const unit = over === undefined ? metric : `${metric}_ratio`;
  switch (placeholder) {
    case "value":
      return metricUnit(unit) === "ratio" ? "{{ $value | humanizePercentage }}" : "{{ $value | humanize }}";
    case "threshold":
      return formatMetricValue(unit, value);
    case "window":
      return formatDuration(windowMs);
    case "details":
      // Prometheus has numbers only.
      return "civitai-dl doctor says what is wrong";
    default:
      return `{{ $labels.${placeholder} }}`;
  }
}

function toExpression(
  threshold: AlertThreshold,
  by: readonly string[],
  metrics: Readonly<Record<string, PrometheusMetric>>,
): string | undefined {
  const { metric, over, op, value, windowMs, minSamples } = threshold;
  const find = (name: string) => Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  const numerator = find(metric);
  const denominator = over === undefined ? undefined : find(over);
  if (numerator === undefined || (over !== undefined && denominator === undefined)) return undefined;
  const window = promDuration(windowMs);
  const quotient = denominator === undefined ? "" : ` / ${denominator.value(window, by)}`;
  const limit = `${numerator.value(window, by)}${quotient} ${op} ${value}`;
  const samples = denominator === undefined ? numerator.samples?.(window, by) : denominator.value(window, by);
  return samples === undefined || minSamples <= 1 ? limit : `${limit} and ${samples} >= ${minSamples}`;
}

/** Format a duration for Prometheus, which accepts only whole numbers. */
function promDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.round(ms)}ms`;
}
