import type { DerivedMetric } from "./derived_metric.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";

/**
 * Say by which labels a derived metric can be split: those of its instrument, of a ratio those that both have.
 *
 * @param derived The metric
 * @param definitions The instruments
 * @returns The labels
 */
export function derivedLabels(derived: DerivedMetric, definitions: readonly MetricDefinition[]): readonly string[] {
  const labelsOf = (name: string) => definitions.find((definition) => definition.name === name)?.labels ?? [];
  const labels = labelsOf(derived.of.name);
  if (derived.kind !== "ratio") return labels;
  const others = labelsOf(derived.over.name);
  return labels.filter((label) => others.includes(label));
}
