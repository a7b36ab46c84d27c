import type { Severity } from "./severity.ts";

/** How a value is compared with its limit. */
export type CompareOperator = ">" | ">=" | "<" | "<=";

/** What missing or insufficient data does to alerts: `ok` counts as no breach, `keep` leaves them as they are. */
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
  /** The metric's name. Each combination of labels that the metric has gets an alert of its own. */
  readonly metric: string;
  /** The operator of the breach: `measured value` `op` `threshold`. */
  readonly op: CompareOperator;
  /** The limit, in the metric's own unit: 0.05 for a rate of 5%. The configuration calls it `value`. */
  readonly threshold: number;
  /** The window over which the metric is read, in milliseconds. */
  readonly windowMs: number;
  /** Minimum number of events in the window; fewer count as no data. */
  readonly minSamples: number;
  /** How long a breach must last before the alert fires, in milliseconds. */
  readonly forMs: number;
  /** How long the breach must be gone before a firing alert resolves, in milliseconds. */
  readonly keepFiringForMs: number;
  /** What missing data does to its alerts. */
  readonly onNoData: NoDataPolicy;
  /** The severity of its alerts. */
  readonly severity: Severity;
  /** Texts for people, with placeholders. */
  readonly annotations: AlertAnnotations;
}
