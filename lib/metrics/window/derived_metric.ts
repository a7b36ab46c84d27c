import type { Bilingual } from "../../base/mod.ts";
import type { MetricLabels } from "../metric_snapshot.ts";
import type { MetricSelector } from "../metric_selector.ts";

/** A value that is computed from a window; rules and reports refer to it by name. */
export type DerivedMetric = {
  /** The name, whose end says the unit. */
  readonly name: string;
  /** Labels by which alert rules read it, one value for each combination; reports and rules without them read one. */
  readonly splitBy?: readonly string[];
} & Derivation;

/** How a {@linkcode DerivedMetric} is computed. */
export type Derivation =
  /** A fraction of events, from 0 to 1, such as failed downloads over all downloads. */
  | { readonly kind: "ratio"; readonly of: MetricSelector; readonly over: MetricSelector }
  /** The number of events, or of units, per second. */
  | { readonly kind: "rate"; readonly of: MetricSelector }
  /** A gauge, aggregated over all running processes and multiplied by `scale` (1 if absent). */
  | {
    readonly kind: "gauge";
    readonly of: MetricSelector;
    readonly scale?: number;
    readonly aggregate: "max" | "sum" | "min";
  }
  /** The quantile `q`, from 0 to 1, of a histogram's values. */
  | { readonly kind: "quantile"; readonly of: MetricSelector; readonly q: number };

/** One value of a derived metric. */
export interface MetricReading {
  /** The labels that it was split by. */
  readonly labels: MetricLabels;
  /** The value; `null` if there is no data, never NaN. */
  readonly value: number | null;
  /** Number of events behind the value; for a gauge, number of values. */
  readonly samples: number;
  /** What the value means in words, for a person; absent if there is nothing to add. */
  readonly details?: Bilingual;
}
