import { parseDuration } from "../../base/mod.ts";
import type { AlertRule, AlertThreshold, CompareOperator } from "../rules/alert_rule.ts";
import type { RuleEntry } from "./alerts_schema.ts";
import { checkPlaceholders } from "./_check_placeholders.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";
import { parseMetricValue } from "../rules/parse_metric_value.ts";

/** What a rule inherits from its group. */
export interface RuleGroup {
  readonly name: string;
  readonly intervalMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** Metrics and labels that rules may use; `null` if any name is allowed. */
export interface KnownMetrics {
  readonly metrics: readonly string[] | null;
  /** Labels that each metric can be split by. */
  readonly labels: Readonly<Record<string, readonly string[]>> | null;
}

const EXPRESSION = /^\s*([A-Za-z_][\w.]*)\s*(>=|<=|==|!=|>|<)\s*(\S(?:.*\S)?)\s*$/;
/** Labels that the evaluation sets itself. */
const RESERVED = ["alertname", "severity"];

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
  context: KnownMetrics & { readonly group: RuleGroup; readonly mistakes: Mistakes },
): AlertRule | undefined {
  const { group, mistakes } = context;
  const threshold = readThreshold(entry, path, context);
  for (const label of Object.keys(entry.labels ?? {})) {
    if (RESERVED.includes(label)) {
      mistakes.add([...path, "labels", label], `the label "${label}" is set by the rule itself`, {
        atKey: true,
        hint: "Leave it out here",
      });
    }
  }
  const by = entry.by ?? [];
  for (const [index, label] of by.entries()) {
    if (!RESERVED.includes(label)) continue;
    mistakes.add([...path, "by", index], `a metric cannot be split by "${label}"`, {
      hint: "Name a label of the metric",
    });
  }
  if (threshold !== undefined) checkSplit(by, [...path, "by"], { ...context, metric: threshold.metric });
  const labels = { ...group.labels, ...entry.labels };
  checkPlaceholders(entry.annotations, [...path, "annotations"], {
    labels: [...Object.keys(labels), ...by],
    mistakes,
  });
  if (threshold === undefined) return undefined;
  return {
    name: entry.alert,
    group: group.name,
    intervalMs: group.intervalMs,
    anyOf: [[threshold]],
    forMs: toMilliseconds(entry.for, 0),
    keepFiringForMs: toMilliseconds(entry.keepFiringFor, 0),
    onNoData: entry.onNoData ?? "ok",
    by,
    severity: entry.severity,
    labels,
    annotations: definedOnly(entry.annotations),
  };
}

/** Report each label that the metric does not have: a rule split by such a label would never find data. */
export function checkSplit(
  by: readonly string[],
  path: YamlPath,
  context: KnownMetrics & { readonly mistakes: Mistakes; readonly metric: string },
): void {
  const { mistakes, metric, labels } = context;
  const known = labels?.[metric];
  if (known === undefined) return;
  for (const [index, label] of by.entries()) {
    if (known.includes(label) || RESERVED.includes(label)) continue;
    mistakes.addUnknown([...path, index], `label of ${metric}`, label, known);
  }
}

/** Copy a rule's annotations, omitting those that are undefined. */
export function definedOnly(annotations: RuleEntry["annotations"]): AlertRule["annotations"] {
  const { summary, description, remedy, runbook } = annotations;
  return {
    summary,
    ...description === undefined ? {} : { description },
    ...remedy === undefined ? {} : { remedy },
    ...runbook === undefined ? {} : { runbook },
  };
}

function readThreshold(
  entry: RuleEntry,
  path: YamlPath,
  context: KnownMetrics & { readonly mistakes: Mistakes },
): AlertThreshold | undefined {
  const { mistakes, metrics } = context;
  const condition = readCondition(entry, path, mistakes);
  if (condition === undefined) return undefined;
  const { metric, op, rawValue, key } = condition;
  if (metrics !== null && !metrics.includes(metric)) {
    // The unit follows from the metric's name, so the value of an unknown metric cannot be checked.
    mistakes.addUnknown([...path, entry.expr === undefined ? "metric" : "expr"], "metric", metric, metrics);
    return undefined;
  }
  const value = mistakes.try([...path, key], () => parseMetricValue(metric, rawValue));
  if (value === undefined) return undefined;
  return { metric, op, value, windowMs: toMilliseconds(entry.window, 300_000), minSamples: entry.minSamples ?? 1 };
}

interface Condition {
  readonly metric: string;
  readonly op: CompareOperator;
  readonly rawValue: string | number;
  readonly key: string;
}

function readCondition(entry: RuleEntry, path: YamlPath, mistakes: Mistakes): Condition | undefined {
  const { expr, metric, op, value } = entry;
  if (expr !== undefined) {
    const other = (["metric", "op", "value"] as const).find((key) => entry[key] !== undefined);
    if (other !== undefined) {
      mistakes.add([...path, other], `"${other}" cannot be combined with "expr"`, {
        hint: "Keep one of them",
        atKey: true,
      });
      return undefined;
    }
    const match = EXPRESSION.exec(expr);
    if (match === null) {
      mistakes.add([...path, "expr"], `"${expr}" is not an expression`, {
        hint: 'Write METRIC OPERATOR VALUE, such as "timeout_rate > 1%"',
      });
      return undefined;
    }
    return { metric: match[1]!, op: match[2] as CompareOperator, rawValue: match[3]!, key: "expr" };
  }
  if (metric === undefined || value === undefined) {
    const missing = metric === undefined ? "metric" : "value";
    mistakes.add(path, `the rule "${entry.alert}" has no "${missing}"`, {
      hint: "Set metric and value, or expr",
    });
    return undefined;
  }
  return { metric, op: op ?? ">", rawValue: value, key: "value" };
}
