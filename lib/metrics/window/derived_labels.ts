import type { DerivedMetric } from "./derived_metric.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";

/**
 * List the labels that a derived metric can be split by: the labels of its instrument or, for a ratio, the labels that
 * both instruments have in common.
 *
 * @param derived The derived metric
 * @param definitions Definitions of all instruments
 * @returns The label names; none if an instrument is unknown
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { derivedLabels } from "@civitai-dl/civitai-dl/metrics";
 *
 * const counter = { kind: "counter", unit: "{mail}", help: "Mails" } as const;
 * const labels = derivedLabels({ name: "error_rate", kind: "ratio", of: { name: "failed" }, over: { name: "sent" } }, [
 *   { ...counter, name: "failed", labels: ["host", "reason"] },
 *   { ...counter, name: "sent", labels: ["host"] },
 * ]);
 * assertEquals(labels, ["host"]);
 * ```
 */
export function derivedLabels(derived: DerivedMetric, definitions: readonly MetricDefinition[]): readonly string[] {
  const labelsOf = (name: string) => definitions.find((definition) => definition.name === name)?.labels ?? [];
  const labels = labelsOf(derived.of.name);
  if (derived.kind !== "ratio") return labels;
  const others = labelsOf(derived.over.name);
  return labels.filter((label) => others.includes(label));
}
