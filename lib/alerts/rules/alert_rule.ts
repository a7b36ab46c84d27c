import type { Severity } from "../severity.ts";

/** How a value is compared with its limit. */
export type CompareOperator = ">" | ">=" | "<" | "<=" | "==" | "!=";

/** What no data, or too little of it, means: all is well, an alert of its own, or that nothing changes. */
export type NoDataPolicy = "ok" | "alert" | "keep";

/** A limit of one metric. */
export interface AlertThreshold {
  /** The metric's name. */
  readonly metric: string;
  /** Divide the metric by this one. */
  readonly over?: string;
  /** How to compare. */
  readonly op: CompareOperator;
  /** The limit, in the metric's own unit: 0.05 for 5 % of a rate. */
  readonly value: number;
  /** How far back the metric looks. */
  readonly windowMs: number;
  /** Fewer events than this are no data. */
  readonly minSamples: number;
}

/** Texts for people; `{{value}}`, `{{threshold}}`, `{{window}}` and `{{LABEL}}` are filled in. */
export interface AlertAnnotations {
  /** One line. */
  readonly summary: string;
  /** More of it. */
  readonly description?: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** Where more of it stands: an address or a path. */
  readonly runbook?: string;
}

/** A rule, ready to be evaluated. */
export interface AlertRule {
  /** Its name, the label `alertname` of its alerts. */
  readonly name: string;
  /** The group that it stands in. */
  readonly group: string;
  /** How often it is evaluated. */
  readonly intervalMs: number;
  /** It is breached if in any of the lists every threshold is. A plain rule has one list of one. */
  readonly anyOf: readonly (readonly AlertThreshold[])[];
  /** A breach must last this long. */
  readonly forMs: number;
  /** A firing alert ends only when the breach has been away for this long. */
  readonly keepFiringForMs: number;
  /** What no data means. */
  readonly onNoData: NoDataPolicy;
  /** One alert for each combination of these labels. */
  readonly by: readonly string[];
  /** How bad. */
  readonly severity: Severity;
  /** More labels of its alerts. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people. */
  readonly annotations: AlertAnnotations;
}
