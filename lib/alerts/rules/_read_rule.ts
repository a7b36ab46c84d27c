import type { Bilingual } from "../../base/mod.ts";
import type { AlertRule, CompareOperator } from "../alert_rule.ts";
import type { MetricReading } from "../../metrics/mod.ts";
import type { MetricSource } from "./metric_source.ts";

/** Result of a rule for one combination of labels. */
export interface Observation {
  readonly labels: Readonly<Record<string, string>>;
  /** The measured value; `null` if there is not enough data. */
  readonly value: number | null;
  /** Whether the rule is breached; `null` if there is not enough data. */
  readonly isBreached: boolean | null;
  /** The value in words; `undefined` if the metric has none. */
  readonly details: Bilingual | undefined;
}

/** Read a rule's metric and compare it with its limit. */
export function readRule(rule: AlertRule, source: MetricSource, now: number): readonly Observation[] {
  const { metric, windowMs } = rule;
  return source.read(metric, { windowMs, now }).map((reading) => observe(rule, reading));
}

/** Compare in three-valued logic: missing data is neither a breach nor the absence of one. */
function observe(rule: AlertRule, { labels, value, samples, details }: MetricReading): Observation {
  if (value === null || !Number.isFinite(value) || samples < rule.minSamples) {
    return { labels, details, value: null, isBreached: null };
  }
  return { labels, details, value, isBreached: isBeyond(value, rule.op, rule.threshold) };
}

function isBeyond(value: number, op: CompareOperator, threshold: number): boolean {
  switch (op) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
  }
}
