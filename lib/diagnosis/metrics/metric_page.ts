import { formatCount, formatDuration, formatSize } from "../../base/mod.ts";
import type { MetricLabels } from "../../metrics/mod.ts";
import type { CurveSeries, Report } from "../../report/mod.ts";
import type { MeasuredRate, MetricAnalysis, MetricChange } from "./metric_analysis.ts";

/**
 * Turn an analysis of metrics into a report for all output formats.
 *
 * @param analysis The analysis
 * @returns The report
 */
export function metricPage(analysis: MetricAnalysis): Report {
  const { from, until, time, lines, processes, throughput, rates, times, counts, series } = analysis;
  const rangeMs = Date.parse(until) - Date.parse(from);
  const [bytes, ...events] = series;
  const seconds = (value: number | null) => value === null ? "no data" : formatDuration(value * 1000);
  return {
    title: "Metrics",
    lead: `${from} to ${until}, compared with the ${formatDuration(rangeMs)} before`,
    notes: describeMetricGaps(analysis),
    claims: [],
    charts: [
      { title: "Throughput", lead: "", unit: "MB/s", series: curve("received", bytes?.bins ?? null, from, 1e-6) },
      {
        title: "Events per minute",
        lead: "The events that the rates count.",
        unit: "count",
        series: events.flatMap(({ name, bins }) => curve(name, bins, from, 60)),
      },
    ],
    tables: [
      {
        title: "Rates",
        heads: ["Rate", "Host", "Now", "95 % interval", "Before", "Change"],
        rows: [
          ...rates.map((rate) => [
            ...[rate.name, rate.host ?? "all", formatRate(rate), formatBounds(rate), formatRate(rate.before)],
            formatChange(rate.change),
          ]),
          [
            ...["bytes_per_second", "all", `${formatSize(throughput.bytesPerSecond)}/s`, ""],
            ...[`${formatSize(throughput.before)}/s`, formatChange(throughput.change)],
          ],
        ],
      },
      {
        title: "Durations",
        heads: ["Metric", "Labels", "n", "p50", "p95", "p99", "p95 before", "n before", "Change"],
        rows: times.map(({ name, labels, count, p50, p95, p99, before, change }) => [
          ...[name, formatLabels(labels), String(count), seconds(p50), seconds(p95), seconds(p99)],
          ...[seconds(before.p95), String(before.count), formatChange(change)],
        ]),
      },
      {
        title: "Counts",
        heads: ["Metric", "Labels", "Now", "Before"],
        rows: counts.map(({ name, labels, value, before }) => [
          ...[name, formatLabels(labels), String(value), String(before)],
        ]),
      },
    ],
    facts: [["Made", time], [
      "Journal",
      `${formatCount(lines, "line")} of ${formatCount(processes, "process", "processes")}`,
    ]],
  };
}

/** State what limits the figures, one sentence each. */
export function describeMetricGaps({ gaps, skipped, openEnds, linesBefore }: MetricAnalysis): readonly string[] {
  const left = Object.entries(skipped).filter(([, count]) => count > 0).map(([reason, count]) => `${count} ${reason}`);
  return [
    ...gaps.slice(0, 10).map(({ from, until }) => {
      const length = formatDuration(Date.parse(until) - Date.parse(from));
      return `No run wrote metrics from ${from} to ${until} (${length})`;
    }),
    ...gaps.length > 10 ? [`${formatCount(gaps.length - 10, "more period")} without metrics`] : [],
    ...openEnds > 0
      ? [`${formatCount(openEnds, "process", "processes")} wrote no last line: still running, or killed`]
      : [],
    ...linesBefore === 0 ? ["No run wrote metrics in the period before, so nothing can be compared"] : [],
    ...left.length > 0 ? [`Lines were left out: ${left.join(", ")}`] : [],
  ];
}

/** Format a rate with its counts. */
export function formatRate({ rate, events, trials }: MeasuredRate): string {
  return rate === null ? "no data" : `${(rate * 100).toFixed(2)} % (${events} of ${trials})`;
}

/** Format the interval of a rate. */
export function formatBounds({ low, high }: MeasuredRate): string {
  return low === null || high === null ? "" : `${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)} %`;
}

/** Format a change with the p-value of its test. */
export function formatChange({ verdict, pValue }: MetricChange): string {
  if (pValue === null) return verdict;
  return `${verdict} (p ${pValue < 0.001 ? "< 0.001" : `= ${pValue.toFixed(3)}`})`;
}

/** Format labels as `host=b2.civitai.com, outcome=done`. */
export function formatLabels(labels: MetricLabels): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(", ");
}

function curve(
  name: string,
  bins: MetricAnalysis["series"][number]["bins"],
  from: string,
  perSecond: number,
): readonly CurveSeries[] {
  if (bins === null) return [];
  const { startMs, widthMs, counts } = bins;
  const originMs = Date.parse(from);
  return [{
    name,
    points: counts.map((count, index) => [
      Math.max(0, startMs - originMs + (index + 0.5) * widthMs),
      count / (widthMs / 1000) * perSecond,
    ]),
  }];
}
