import type { AlertRule, AlertThreshold, CompareOperator } from "./alert_rule.ts";
import type { MetricReading } from "../../metrics/mod.ts";
import type { MetricSource } from "./metric_source.ts";

/** Result of a rule for one combination of labels. */
export interface Observation {
  readonly labels: Readonly<Record<string, string>>;
  /** The value that `threshold` is compared with; `null` if there is not enough data. */
  readonly value: number | null;
  /** The first threshold of the list that is breached, or of the first list if none is. */
  readonly threshold: AlertThreshold;
  /** Whether the rule is breached; `null` if there is not enough data. */
  readonly isBreached: boolean | null;
  /** The value in words; absent if the metric has none. */
  readonly details?: string | undefined;
}

/** Read a rule's metrics and compare them with its thresholds. */
export function readRule(rule: AlertRule, source: MetricSource, now: number): readonly Observation[] {
  const tables = rule.anyOf.map((all) => all.map((threshold) => readThreshold(threshold, rule.by, { source, now })));
  const readingsByKey = new Map<string, MetricReading>();
  for (const table of tables.flat()) for (const [key, reading] of table) readingsByKey.set(key, reading);
  const observations = [...readingsByKey].map(([key, { labels }]) =>
    observe(rule, labels, tables.map((list) => list.map((table) => table.get(key))))
  );
  if (rule.onNoData !== "alert" || observations.some((one) => one.isBreached !== null)) return observations;
  // Missing data is an alert only if it is missing for all labels, not if one host among busy ones is quiet.
  const threshold = rule.anyOf[0]![0]!;
  return [...observations, { labels: {}, value: null, threshold, isBreached: true }]
    .filter((one) => one.isBreached !== null);
}

type ReadContext = { readonly source: MetricSource; readonly now: number };

function readThreshold(
  threshold: AlertThreshold,
  by: readonly string[],
  context: ReadContext,
): Map<string, MetricReading> {
  const options = { windowMs: threshold.windowMs, now: context.now, ...by.length === 0 ? {} : { by } };
  const table = new Map(context.source.read(threshold.metric, options).map((one) => [keyOf(one.labels), one]));
  if (threshold.over === undefined) return table;
  const denominators = context.source.read(threshold.over, options);
  return new Map(denominators.map((one) => {
    const key = keyOf(one.labels);
    // A missing numerator counts as 0: if nothing failed, no failures were counted.
    const part = table.get(key)?.value ?? 0;
    const isEmpty = one.value === null || one.value === 0;
    return [key, { labels: one.labels, value: isEmpty ? null : part / one.value, samples: one.value ?? 0 }];
  }));
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Evaluate a rule in three-valued logic: missing data is neither a breach nor the absence of one. */
function observe(
  rule: AlertRule,
  labels: Readonly<Record<string, string>>,
  readings: readonly (readonly (MetricReading | undefined)[])[],
): Observation {
  const lists = rule.anyOf.map((all, index) =>
    all.map((threshold, thresholdIndex) => testThreshold(threshold, readings[index]![thresholdIndex]))
  );
  const list = lists.findIndex((all) => all.every((one) => one === true));
  const chosen = Math.max(0, list);
  const threshold = rule.anyOf[chosen]![0]!;
  const first = lists[chosen]![0];
  const isKnown = lists.every((all) => all.includes(false));
  const reading = readings[chosen]![0];
  return {
    labels,
    threshold,
    value: first === null ? null : reading!.value,
    details: reading?.details,
    isBreached: list !== -1 ? true : isKnown ? false : null,
  };
}

function testThreshold(threshold: AlertThreshold, reading: MetricReading | undefined): boolean | null {
  const value = reading?.value ?? null;
  if (value === null || !Number.isFinite(value) || reading!.samples < threshold.minSamples) return null;
  return compare(value, threshold.op, threshold.value);
}

function compare(value: number, op: CompareOperator, limit: number): boolean {
  switch (op) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}
