import { parseDuration } from "../../base/mod.ts";
import type { AlertRule } from "../alert_rule.ts";
import type { RuleEntry } from "./alerts_schema.ts";
import { checkPlaceholders } from "./_check_placeholders.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";
import { parseMetricValue } from "../rules/parse_metric_value.ts";

/** Metrics that rules may use, each with the labels of its alerts; `null` if any metric and any label may exist. */
export type KnownMetrics = Readonly<Record<string, readonly string[]>> | null;

/**
 * Convert a configured duration, a string such as "5m" or a number of seconds, to milliseconds. Return `fallback` if it
 * is not set.
 */
export function toMilliseconds(value: string | number | undefined, fallback: number): number {
  return value === undefined ? fallback : parseDuration(String(value));
}

/** Compile a rule; `undefined` if its threshold cannot be read. */
export function compileRule(
  entry: RuleEntry,
  path: YamlPath,
  context: { readonly metrics: KnownMetrics; readonly mistakes: Mistakes },
): AlertRule | undefined {
  const { mistakes, metrics } = context;
  const { metric } = entry;
  const labels = metrics === null || !Object.hasOwn(metrics, metric) ? null : metrics[metric]!;
  if (labels !== null) checkPlaceholders(entry.annotations, [...path, "annotations"], { labels, mistakes });
  const threshold = readThreshold(entry, path, context);
  if (threshold === undefined) return undefined;
  return {
    name: entry.alert,
    metric,
    op: entry.op ?? ">",
    threshold,
    windowMs: toMilliseconds(entry.window, 300_000),
    minSamples: entry.minSamples ?? 1,
    forMs: toMilliseconds(entry.for, 0),
    keepFiringForMs: toMilliseconds(entry.keepFiringFor, 0),
    onNoData: entry.onNoData ?? "ok",
    severity: entry.severity,
    annotations: definedOnly(entry.annotations),
  };
}

/** Read the threshold in the unit that the metric's name tells; the unit of an unknown metric cannot be checked. */
function readThreshold(
  { metric, value }: RuleEntry,
  path: YamlPath,
  { metrics, mistakes }: { readonly metrics: KnownMetrics; readonly mistakes: Mistakes },
): number | undefined {
  if (metrics !== null && !Object.hasOwn(metrics, metric)) {
    mistakes.addUnknown([...path, "metric"], "metric", metric, Object.keys(metrics));
    return undefined;
  }
  return mistakes.try([...path, "value"], () => parseMetricValue(metric, value));
}

/** Copy a rule's annotations, omitting those that are undefined. */
function definedOnly(annotations: RuleEntry["annotations"]): AlertRule["annotations"] {
  const defined = Object.entries(annotations).filter(([, text]) => text !== undefined);
  return Object.fromEntries(defined) as unknown as AlertRule["annotations"];
}
