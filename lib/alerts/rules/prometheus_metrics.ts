import type { PrometheusMetric } from "./export_prometheus_rules.ts";
import { type DerivedMetric, type MetricDefinition, type MetricSelector, prometheusName } from "../../metrics/mod.ts";

/**
 * Build the expressions with which Prometheus computes derived metrics from those that the program exports.
 *
 * @param definitions The exported metrics
 * @param derived The derived metrics that rules use
 * @returns The expressions, by the names of the derived metrics
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prometheusMetrics } from "@civitai-dl/civitai-dl/alerts";
 *
 * const sent = { name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" } as const;
 * const metrics = prometheusMetrics([sent], [{ name: "mail_rate", kind: "rate", of: { name: "mail.sent" } }]);
 * assertEquals(metrics["mail_rate"]?.value("300s", []), "sum (rate(mail_sent_total[300s]))");
 * ```
 */
export function prometheusMetrics(
  definitions: readonly MetricDefinition[],
  derived: readonly DerivedMetric[],
): Readonly<Record<string, PrometheusMetric>> {
  const series = ({ name, match = {} }: MetricSelector, suffix = ""): string => {
    const definition = definitions.find((candidate) => candidate.name === name);
    if (definition === undefined) throw new TypeError(`Cannot export "${name}": it is not defined`);
    const conditions = Object.entries(match).map(([label, wanted]) =>
      typeof wanted === "string"
        ? `${label}=${quote(wanted)}`
        : `${label}=~${quote(wanted.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"))}`
    );
    return `${prometheusName(definition)}${suffix}${conditions.length === 0 ? "" : `{${conditions.join(",")}}`}`;
  };
  const increase = (of: MetricSelector, window: string, by: readonly string[]) =>
    `sum${byClause(by)} (increase(${series(of)}[${window}]))`;
  return Object.fromEntries(derived.map((metric) => [metric.name, expressionsOf(metric, { series, increase })]));
}

interface ExpressionBuilders {
  readonly series: (of: MetricSelector, suffix?: string) => string;
  readonly increase: (of: MetricSelector, window: string, by: readonly string[]) => string;
}

function expressionsOf(metric: DerivedMetric, { series, increase }: ExpressionBuilders): PrometheusMetric {
  switch (metric.kind) {
    case "ratio":
      return {
        value: (window, by) => `(${increase(metric.of, window, by)} / ${increase(metric.over, window, by)})`,
        samples: (window, by) => increase(metric.over, window, by),
      };
    case "rate":
      return { value: (window, by) => `sum${byClause(by)} (rate(${series(metric.of)}[${window}]))` };
    case "gauge":
      return {
        value: (_, by) => `(${metric.aggregate}${byClause(by)} (${series(metric.of)}) * ${metric.scale ?? 1})`,
      };
    case "quantile":
      return {
        value: (window, by) =>
          `histogram_quantile(${metric.q}, sum${byClause(["le", ...by])} (increase(${
            series(metric.of, "_bucket")
          }[${window}])))`,
      };
  }
}

function byClause(by: readonly string[]): string {
  return by.length === 0 ? "" : ` by (${by.join(", ")})`;
}

/** Quote text as a PromQL string literal, which has the same escapes as Go. */
function quote(text: string): string {
  return JSON.stringify(text);
}
