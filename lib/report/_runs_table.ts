import { formatConfidence, formatEstimate, formatInterval } from "./_format_estimate.ts";
import type { ReportedChart } from "./benchmark_report.ts";
import { formatQuantity } from "./format_quantity.ts";
import type { ReportTable } from "./report.ts";

/** The numbers of a chart of runs: a row for each side. */
export function runsTable({ title, unit, series }: ReportedChart): ReportTable {
  return {
    title,
    heads: [title, "Median", "Interval", "Confidence", "n", "Runs"],
    rows: series.map(({ name, median, values, problem }) => [
      name,
      formatEstimate(median, unit),
      formatInterval(median, unit),
      formatConfidence(median),
      String(values.length),
      problem ?? values.map((value) => formatQuantity(value, unit)).join(", "),
    ]),
  };
}
