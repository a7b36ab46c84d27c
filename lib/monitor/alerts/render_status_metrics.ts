import type { AlertStatus } from "../../alerts/mod.ts";
import { type MetricFamily, type MetricReport, renderPrometheus, reportSnapshot } from "../../metrics/mod.ts";

/** What {@linkcode renderStatusMetrics} renders. */
export interface StatusMetricsInput {
  /** The newest report; without one, there is nothing to say. */
  readonly report: MetricReport | undefined;
  readonly alerts: Pick<AlertStatus, "undelivered">;
  /** Counters and histograms that only grow, of whoever has followed the journal since its start. */
  readonly totals?: readonly MetricFamily[] | undefined;
}

/** Render metrics of downloads as Prometheus text; empty without a report. */
export function renderStatusMetrics({ report, alerts, totals = [] }: StatusMetricsInput): string {
  if (report === undefined) return "";
  const { families } = reportSnapshot(report, "civitai_dl");
  return renderPrometheus({ families: [...families, undeliveredFamily(alerts.undelivered.length), ...totals] });
}

function undeliveredFamily(value: number): MetricFamily {
  return {
    name: "civitai_dl.undelivered_notifications",
    kind: "gauge",
    unit: "",
    help: "Notifications of alerts that a receiver refused, or did not answer",
    series: [{ labels: {}, value }],
  };
}
