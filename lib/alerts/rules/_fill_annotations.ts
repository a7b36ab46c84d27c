import { formatDuration } from "../../base/mod.ts";
import type { AlertRule } from "./alert_rule.ts";
import type { Observation } from "./_read_rule.ts";
import { formatMetricValue } from "./format_metric_value.ts";

/** A text of a notification; longer ones are cut. */
const MAX_TEXT = 1000;

/**
 * Fill a rule's texts in with what was measured, and add `value`: what was measured, in its unit. An unknown name stays
 * as it is written.
 */
export function fillAnnotations(
  rule: AlertRule,
  labels: Readonly<Record<string, string>>,
  { value, threshold }: Pick<Observation, "value" | "threshold">,
): Readonly<Record<string, string>> {
  const { over, metric } = threshold;
  const unit = over === undefined ? metric : `${metric}_ratio`;
  const words = {
    ...labels,
    value: formatMetricValue(unit, value),
    threshold: formatMetricValue(unit, threshold.value),
    window: formatDuration(threshold.windowMs),
  };
  const fill = (text: string) =>
    text.replaceAll(
      /\{\{\s*(\w+)\s*\}\}/g,
      (whole, name: string) => Object.hasOwn(words, name) ? (words as Readonly<Record<string, string>>)[name]! : whole,
    )
      .slice(0, MAX_TEXT);
  const filled = Object.entries(rule.annotations).map(([name, text]: [string, string]) => [name, fill(text)]);
  // What the summary says of the value and what stands beside it must be one text.
  return { ...Object.fromEntries(filled), value: words.value };
}
