import type { MetricLabels } from "../metric_snapshot.ts";
import type { MetricSelector } from "../metric_selector.ts";

/** A figure that is computed from a window; what rules and reports name. */
export type DerivedMetric =
  /** A share of events, 0 to 1, such as failed downloads of all. */
  | { readonly name: string; readonly kind: "ratio"; readonly of: MetricSelector; readonly over: MetricSelector }
  /** Events, or units, a second. */
  | { readonly name: string; readonly kind: "rate"; readonly of: MetricSelector }
  /** A gauge of all processes that are alive, times `scale`. */
  | {
    readonly name: string;
    readonly kind: "gauge";
    readonly of: MetricSelector;
    readonly scale?: number;
    readonly aggregate: "max" | "sum" | "min";
  }
  /** The value of a histogram below which a share `q` of its values lies. */
  | { readonly name: string; readonly kind: "quantile"; readonly of: MetricSelector; readonly q: number };

/** One figure of a derived metric. */
export interface MetricReading {
  /** The labels that it was split by. */
  readonly labels: MetricLabels;
  /** `null` where there is no data; never NaN. */
  readonly value: number | null;
  /** How many events are behind the value; for a gauge, how many values. */
  readonly samples: number;
}
