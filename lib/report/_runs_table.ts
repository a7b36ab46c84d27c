import { type Estimate, medianInterval } from "../stats/mod.ts";
import { formatQuantity, type QuantityUnit } from "./format_quantity.ts";
import type { ReportTable } from "./report.ts";
import type { ReportedChart } from "./reported_chart.ts";

/** The numbers of a chart of runs: a row for each side. */
export function runsTable({ title, unit, series }: ReportedChart): ReportTable {
  return {
    title,
    heads: [title, "Median", "Interval", "Confidence", "n", "Runs"],
    rows: series.map(({ name, values, problem }) => [
      name,
      ...values.length === 0 ? ["–", "–", "–"] : describeMedian(medianInterval(values), unit),
      String(values.length),
      problem ?? listRuns(values.map((value) => formatQuantity(value, unit))),
    ]),
  };
}

/** List the runs in their order. A number that all of them have is written once. */
function listRuns(runs: readonly string[]): string {
  return runs.length > 1 && new Set(runs).size === 1 ? `${runs[0]} each` : runs.join(", ");
}

/** Format a median, its interval, and the confidence of that, which is rounded down so that it is never overstated. */
function describeMedian({ value, low, high, confidence }: Estimate, unit: QuantityUnit): readonly string[] {
  const median = formatQuantity(value, unit);
  // A single number has no interval.
  if (confidence === 0) return [median, "–", "–"];
  const interval = `${formatQuantity(low, unit)} to ${formatQuantity(high, unit)}`;
  return [median, interval, `${Math.floor(confidence * 1000) / 10} %`];
}
