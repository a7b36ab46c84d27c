import { asIs, type Bilingual, type Language, sayDuration } from "../../base/mod.ts";
import type { AlertRule } from "../alert_rule.ts";
import type { Observation } from "./_read_rule.ts";
import { sayMetricValue } from "./_say_metric_value.ts";

/** Length limit of an annotation; longer ones are truncated. */
const MAX_TEXT = 1000;

/** The annotations in Japanese, whose placeholders are filled with Japanese values. */
const JAPANESE: ReadonlySet<string> = new Set(["summaryJa", "remedyJa"]);

/**
 * Fill the labels and measured values into a rule's annotations, and add the annotation `value`: the measured value
 * with its unit. A placeholder with an unknown name is left as written.
 */
export function fillAnnotations(
  rule: AlertRule,
  labels: Readonly<Record<string, string>>,
  { value, details = asIs("") }: Pick<Observation, "value" | "details">,
): Readonly<Record<string, string>> {
  const { metric } = rule;
  const measured: Readonly<Record<string, Bilingual>> = {
    value: sayMetricValue(metric, value),
    threshold: sayMetricValue(metric, rule.threshold),
    window: sayDuration(rule.windowMs),
    details,
  };
  const fill = (text: string, language: Language) =>
    text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (placeholder, name: string) => {
      if (Object.hasOwn(measured, name)) return measured[name]![language];
      return Object.hasOwn(labels, name) ? labels[name]! : placeholder;
    }).slice(0, MAX_TEXT);
  const filled = Object.entries(rule.annotations).map(([name, text]: [string, string]) =>
    [name, fill(text, JAPANESE.has(name) ? "ja" : "en")] as const
  );
  // Reuses the text of `{{value}}`, so that the summary and the value next to it never differ.
  return { ...Object.fromEntries(filled), value: measured.value!.en };
}
