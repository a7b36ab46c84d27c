import type { QuantityUnit } from "./format_quantity.ts";

/** All numbers of one side of a comparison. */
export interface ReportedSeries {
  /** Name of the side. */
  readonly name: string;
  /** Whether the side is this program, not a peer. */
  readonly isOurs: boolean;
  /** One number per run, in order; empty if the side failed. */
  readonly values: readonly number[];
  /** Why numbers are missing; `null` if every run succeeded. */
  readonly problem: string | null;
}

/** A chart that compares sides by one number. */
export interface ReportedChart {
  /** Title of the chart, such as `Wall time`. */
  readonly title: string;
  /** Unit of the numbers. */
  readonly unit: QuantityUnit;
  /** The sides, one row each. */
  readonly series: readonly ReportedSeries[];
  /** Limits to draw as lines. */
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}
