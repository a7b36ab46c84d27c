import { formatCount, formatDuration, formatShare, formatSize, KitError } from "../lib/base/mod.ts";
import { defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import { analyzeMetrics, type MeasuredRate, type MetricAnalysis } from "../lib/diagnosis/mod.ts";
import { DOWNLOAD_DERIVED } from "../lib/downloader/mod.ts";
import { explainUnreadable } from "./_analyze/explain_unreadable.ts";
import { LOGS_FLAG } from "./_frame/flags.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `analyze-metrics` command: shows the metrics of a period beside those of the one before. */
export const command = defineCommand({
  name: "analyze-metrics",
  group: "Operation",
  permissions: "analyze",
  summary: "Show the metrics of the last hour, or another period, beside those of the time before",
  description:
    "Reads the journal that downloads write, logs/metrics.jsonl with its rotated files: throughput, rates of errors and " +
    "timeouts, durations, retries and changes of the mode, by host. Needs no network and no library.",
  flags: [
    { name: "timerange", type: "duration", summary: "Length of the period", default: "1h", min: "1m", max: "90d" },
    LOGS_FLAG,
  ],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl analyze-metrics --timerange 1h", summary: "The last hour beside the hour before" },
    { command: "civitai-dl analyze-metrics --timerange 1d --json", summary: "A day, as JSON" },
  ],
  exits: {
    0: "Analyzed, whatever changed",
    2: "The journal is unreadable or none of this program",
    3: "No run wrote metrics in the period",
  },
  async run({ flags, sourceOf, signal }) {
    if (sourceOf("logs") !== "default") await assertFolder(flags.logs);
    const analysis = await explainUnreadable(flags.logs, () =>
      analyzeMetrics({
        folder: flags.logs,
        rangeMs: flags.timerange,
        derived: DOWNLOAD_DERIVED,
        bytesMetric: "civitai_dl.download.bytes",
        signal,
      }));
    if (analysis.isForeign) {
      const { broken, long } = analysis.skipped;
      throw new KitError(
        "usage",
        `Cannot read the metrics in "${flags.logs}": not written by this program (${
          formatCount(broken + long, "line")
        })`,
        { hint: "Set --logs to the folder in which downloads write metrics.jsonl" },
      );
    }
    return withExit(analysis, analysis.lines === 0 ? 3 : 0);
  },
  render(analysis: MetricAnalysis, { width }) {
    const { from, until, lines, linesBefore, rates, times, counts, bytesPerSecond, skipped } = analysis;
    const period = `${from} to ${until} (${formatDuration(Date.parse(until) - Date.parse(from))})`;
    const left = Object.entries(skipped).filter(([, count]) => count > 0).map(([why, count]) => `${count} ${why}`);
    const notes = [
      ...linesBefore === 0 ? ["No run wrote metrics in the period before"] : [],
      ...left.length > 0 ? [`Lines were left out: ${left.join(", ")}`] : [],
    ].map((note) => `Note: ${note}\n`).join("");
    if (lines === 0) return `No run wrote metrics from ${period}\n${notes}`;
    const rateTable = renderTable(rates, [
      { title: "RATE", value: ({ name }) => name, minWidth: 14 },
      { title: "HOST", value: ({ host }) => host ?? "all" },
      { title: "NOW", value: formatRate },
      { title: "BEFORE", value: ({ before }) => formatRate(before) },
    ], { width });
    const timeTable = renderTable(times, [
      { title: "DURATION", value: ({ name }) => name },
      { title: "LABELS", value: ({ labels }) => formatLabels(labels) },
      { title: "N", value: ({ count }) => count, align: "right" },
      { title: "P50", value: ({ p50 }) => formatSeconds(p50), align: "right" },
      { title: "P95", value: ({ p95 }) => formatSeconds(p95), align: "right" },
      { title: "BEFORE P95", value: ({ before }) => formatSeconds(before.p95), align: "right" },
    ], { width });
    const countTable = renderTable(counts, [
      { title: "COUNT", value: ({ name }) => name },
      { title: "LABELS", value: ({ labels }) => formatLabels(labels) },
      { title: "NOW", value: ({ value }) => value, align: "right" },
      { title: "BEFORE", value: ({ before }) => before, align: "right" },
    ], { width });
    const { now, before } = bytesPerSecond;
    const head = `${period}: ${formatCount(lines, "line")}\n` +
      `Throughput: ${formatSize(now)}/s, before ${formatSize(before)}/s\n`;
    return [head, rateTable, timeTable, countTable, notes].filter((part) => part !== "").join("\n");
  },
});

function formatRate({ rate, events, trials }: MeasuredRate): string {
  return rate === null ? "no data" : `${formatShare(rate, { decimals: 2 })} (${events} of ${trials})`;
}

function formatSeconds(value: number | null): string {
  return value === null ? "no data" : formatDuration(value * 1000);
}

/** Format labels as `host=b2.civitai.com, outcome=done`. */
function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(", ");
}

/** A mistyped folder must not look like a folder without metrics. */
async function assertFolder(path: string): Promise<void> {
  const info = await explainUnreadable(path, () => Deno.stat(path).catch(nullIfMissing));
  if (info?.isDirectory) return;
  throw new KitError("usage", `Cannot read "${path}": ${info === null ? "no such folder" : "it is no folder"}`, {
    hint: "Set --logs to the folder in which downloads write metrics.jsonl",
  });
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}

if (import.meta.main) await runScript(command);
