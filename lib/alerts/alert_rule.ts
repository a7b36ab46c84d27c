import type { Severity } from "./severity.ts";

/** How a value is compared with its limit. */
export type CompareOperator = ">" | ">=" | "<" | "<=";

/** How missing or insufficient data counts: `ok` as no breach; `keep` leaves alerts unchanged. */
export type NoDataPolicy = "ok" | "keep";

/**
 * Texts for people; `{{value}}`, `{{threshold}}`, `{{window}}`, `{{details}}` and the labels of the metric are filled
 * in.
 */
export interface AlertAnnotations {
  /** The problem in one line. */
  readonly summary: string;
  /** What to do about the alert. */
  readonly remedy?: string;
  /** The summary for a Japanese reader. */
  readonly summaryJa?: string;
  /** The remedy for a Japanese reader. */
  readonly remedyJa?: string;
  /** Address or path of further instructions. */
  readonly runbook?: string;
}

/** A rule, ready to be evaluated. */
export interface AlertRule {
  /** Its name, which its alerts have as the label `alertname`. */
  readonly name: string;
  /** The metric's name. There is one alert for each combination of labels that the metric is read with. */
  readonly metric: string;
  /** The operator between the measured value and `value`. */
  readonly op: CompareOperator;
  /** The limit, in the metric's own unit: 0.05 for a rate of 5%. */
  readonly value: number;
  /** The window over which the metric is read, in milliseconds. */
  readonly windowMs: number;
  /** Minimum number of events in the window; fewer count as no data. */
  readonly minSamples: number;
  /** How long a breach must last before the alert fires, in milliseconds. */
  readonly forMs: number;
  /** How long the breach must be gone before a firing alert resolves, in milliseconds. */
  readonly keepFiringForMs: number;
  /** How missing data counts. */
  readonly onNoData: NoDataPolicy;
  /** The severity of its alerts. */
  readonly severity: Severity;
  /** Texts for people, with placeholders. */
  readonly annotations: AlertAnnotations;
}
