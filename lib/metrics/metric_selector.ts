import type { MetricLabels } from "./metric_snapshot.ts";

/** Values of labels, one or some of which a series must have. */
export type LabelMatch = Readonly<Record<string, string | readonly string[]>>;

/** Some series of a metric. */
export interface MetricSelector {
  /** The metric's name. */
  readonly name: string;
  /**
   * What their labels must be.
   *
   * @default {any}
   */
  readonly match?: LabelMatch | undefined;
}

/**
 * Whether a series is one of those that are meant.
 *
 * @param labels Of the series
 * @param match What they must be; a label that the series does not have is empty
 * @returns True if every label has one of its values
 */
export function matchesLabels(labels: MetricLabels, match: LabelMatch = {}): boolean {
  return Object.entries(match).every(([label, wanted]) => {
    const value = labels[label] ?? "";
    return typeof wanted === "string" ? value === wanted : wanted.includes(value);
  });
}
