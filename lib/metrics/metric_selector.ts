import type { MetricLabels } from "./metric_snapshot.ts";

/** Values that labels must have. If a list is given, one of its values is sufficient. */
export type LabelMatch = Readonly<Record<string, string | readonly string[]>>;

/** Selects series of a metric. */
export interface MetricSelector {
  /** The metric's name. */
  readonly name: string;
  /**
   * Values that the labels must have.
   *
   * @default {any}
   */
  readonly match?: LabelMatch | undefined;
}

/**
 * Check whether the labels of a series match.
 *
 * @param labels Labels of the series
 * @param match Values that the labels must have; a label that the series lacks counts as empty
 * @returns True if every label in `match` has the value, or one of the values, listed there
 */
export function matchesLabels(labels: MetricLabels, match: LabelMatch = {}): boolean {
  return Object.entries(match).every(([label, wanted]) => {
    const value = labels[label] ?? "";
    return typeof wanted === "string" ? value === wanted : wanted.includes(value);
  });
}
