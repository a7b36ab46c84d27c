import { metricBounds } from "./instruments/metric_bounds.ts";
import type { HistogramSeries, MetricFamily, MetricLabels, MetricSnapshot } from "./metric_snapshot.ts";
import { prometheusName } from "./prometheus_name.ts";

/**
 * Render a snapshot in the Prometheus text format, version 0.0.4.
 *
 * @param snapshot The instruments to render; those without a series are omitted
 * @returns The text; ends with a line break unless it is empty
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry, renderPrometheus } from "@civitai-dl/civitai-dl/metrics";
 *
 * const registry = new MetricRegistry();
 * registry.counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" }).add(3);
 * assertEquals(
 *   renderPrometheus(registry.snapshot()),
 *   "# HELP mail_sent_total Mails that were sent\n# TYPE mail_sent_total counter\nmail_sent_total 3\n",
 * );
 * ```
 */
export function renderPrometheus(snapshot: MetricSnapshot): string {
  const seen = new Set<string>();
  let text = "";
  for (const family of snapshot.families) {
    const name = prometheusName(family);
    // Prometheus could not parse text that contains two families with the same name.
    if (family.series.length === 0 || seen.has(name)) continue;
    seen.add(name);
    if (family.help !== "") text += `# HELP ${name} ${escapeHelp(family.help)}\n`;
    text += `# TYPE ${name} ${family.kind}\n`;
    text += renderSeries(name, family);
  }
  return text;
}

function renderSeries(name: string, family: MetricFamily): string {
  const bounds = family.kind === "histogram" ? metricBounds(family) : [];
  return family.series.map((series) =>
    "buckets" in series
      ? renderHistogram(name, series, bounds)
      : `${name}${renderLabels(series.labels)} ${renderNumber(series.value)}\n`
  ).join("");
}

/** Render a histogram. Buckets are cumulative in Prometheus: each counts all values up to its bound. */
function renderHistogram(name: string, series: HistogramSeries, bounds: readonly number[]): string {
  const { labels, buckets, sum, count } = series;
  let below = 0;
  let text = "";
  for (const [index, bound] of [...bounds, Infinity].entries()) {
    below += buckets[index] ?? 0;
    text += `${name}_bucket${renderLabels({ ...labels, le: renderNumber(bound) })} ${below}\n`;
  }
  const own = renderLabels(labels);
  return `${text}${name}_sum${own} ${renderNumber(sum)}\n${name}_count${own} ${count}\n`;
}

/** Render labels. Empty ones are omitted: to Prometheus, an empty label is the same as an absent one. */
function renderLabels(labels: MetricLabels): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== "");
  return pairs.length === 0 ? "" : `{${pairs.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}

function renderNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
