import type { Severity } from "../severity.ts";

/** How a value is compared with its limit. */
export type CompareOperator = ">" | ">=" | "<" | "<=" | "==" | "!=";

/** How missing or insufficient data counts: `ok` as no breach, `alert` as a breach; `keep` leaves alerts unchanged. */
export type NoDataPolicy = "ok" | "alert" | "keep";

/** A limit for one metric, or for the ratio of two. */
export interface AlertThreshold {
  /** The metric's name. */
  readonly metric: string;
  /** The metric to divide by, for a ratio. */
  readonly over?: string;
  /** The operator between the measured value and `value`. */
  readonly op: CompareOperator;
  /** The limit, in the metric's own unit: 0.05 for a rate of 5%. */
  readonly value: number;
  /** The window over which the metric is read, in milliseconds. */
  readonly windowMs: number;
  /** Minimum number of events in the window; fewer count as no data. */
  readonly minSamples: number;
}

/** Texts for people; `{{value}}`, `{{threshold}}`, `{{window}}` and `{{LABEL}}` are filled in. */
export interface AlertAnnotations {
  /** The problem in one line. */
  readonly summary: string;
  /** Details, shown below the summary. */
  readonly description?: string;
  /** What to do about the alert. */
  readonly remedy?: string;
  /** Address or path of further instructions. */
  readonly runbook?: string;
}

/** A rule, ready to be evaluated. */
export interface AlertRule {
  /** Its name, which its alerts have as the label `alertname`. */
  readonly name: string;
  /** The name of its group; the rules of a group share the time of the last evaluation. */
  readonly group: string;
  /** Time between two evaluations, in milliseconds. */
  readonly intervalMs: number;
  /** The rule is breached if all thresholds in any of the lists are. A plain rule has one list with one threshold. */
  readonly anyOf: readonly (readonly AlertThreshold[])[];
  /** How long a breach must last before the alert fires, in milliseconds. */
  readonly forMs: number;
  /** How long the breach must be gone before a firing alert resolves, in milliseconds. */
  readonly keepFiringForMs: number;
  /** How missing data counts. */
  readonly onNoData: NoDataPolicy;
  /** The labels to split by: one alert for each combination of their values. */
  readonly by: readonly string[];
  /** The severity of its alerts. */
  readonly severity: Severity;
  /** Additional labels, the same for all of its alerts. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people, with placeholders. */
  readonly annotations: AlertAnnotations;
}
