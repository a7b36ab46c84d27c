import { formatDuration } from "../../base/mod.ts";
import type { AlertRule } from "./alert_rule.ts";
import type { Observation } from "./_read_rule.ts";
import { formatMetricValue } from "./format_metric_value.ts";

/** Length limit of an annotation; longer ones are truncated. */
const MAX_TEXT = 1000;

/**
 * Fill the labels and measured values into a rule's annotations, and add the annotation `value`: the measured value
 * with its unit. A placeholder with an unknown name is left as written.
 */
export function fillAnnotations(
  rule: AlertRule,
  labels: Readonly<Record<string, string>>,
  { value, details = "" }: Pick<Observation, "value" | "details">,
): Readonly<Record<string, string>> {
  const { metric } = rule;
  const variables = {
    ...labels,
    value: formatMetricValue(metric, value),
    threshold: formatMetricValue(metric, rule.value),
    window: formatDuration(rule.windowMs),
    details,
  };
  const fill = (text: string) =>
    text.replaceAll(
      /\{\{\s*(\w+)\s*\}\}/g,
      (placeholder, name: string) =>
        Object.hasOwn(variables, name) ? (variables as Readonly<Record<string, string>>)[name]! : placeholder,
    )
      .slice(0, MAX_TEXT);
  const filled = Object.entries(rule.annotations).map(([name, text]: [string, string]) => [name, fill(text)]);
  // Reuses the text of `{{value}}`, so that the summary and the value next to it never differ.
  return { ...Object.fromEntries(filled), value: variables.value };
}
