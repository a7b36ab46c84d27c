import { formatCount, formatDuration, formatSize, KitError } from "../lib/base/mod.ts";
import { defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import {
  analyzeMetrics,
  describeMetricGaps,
  formatBounds,
  formatChange,
  formatLabels,
  formatRate,
  type MetricAnalysis,
  metricPage,
} from "../lib/diagnosis/mod.ts";
import { DOWNLOAD_DERIVED } from "../lib/downloader/mod.ts";
import { OUTPUT_FLAG } from "./_analyze/output_flag.ts";
import { explainUnreadable } from "./_analyze/explain_unreadable.ts";
import { LOGS_FLAG } from "./_frame/flags.ts";
import { prepareOutputs } from "./_frame/prepare_outputs.ts";
import { reportPaths, writeReports } from "./_frame/report_files.ts";
import { runScript } from "./_frame/run_script.ts";

interface MetricResult extends MetricAnalysis {
  /** Paths of the reports that were written. */
  readonly reports: readonly string[];
}

/** The clock of another machine may be a little ahead. */
const SLACK_MS = 60_000;

/** The `analyze-metrics` command: compares the metrics of a period with those of the one before. */
export const command = defineCommand({
  name: "analyze-metrics",
  group: "Operation",
  summary: "Compare the metrics of the last hour, or another period, with those of the time before",
  description:
    "Reads the journal that downloads write, logs/metrics.jsonl with its rotated files: rates with exact intervals, " +
    "throughput, durations, errors, timeouts, retries and changes of the mode, by host. A change is only reported if a " +
    "test shows it; without enough data there is no verdict. Needs no network and no library.",
  flags: [
    { name: "timerange", type: "duration", summary: "Length of the period", default: "1h", min: "1m", max: "90d" },
    { name: "until", type: "date", summary: "End of the period; now by default" },
    LOGS_FLAG,
    OUTPUT_FLAG,
  ],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl analyze-metrics --timerange 1h", summary: "The last hour against the hour before" },
    {
      command: "civitai-dl analyze-metrics --timerange 1d --until 2026-11-25T06:00:00Z --output day.html",
      summary: "A day, as a page with charts",
    },
  ],
  exits: {
    0: "Analyzed, whatever changed",
    2: "The period is in the future, or the journal is unreadable or none of this program",
    3: "No run wrote metrics in the period",
  },
  async run(context) {
    const { flags, sourceOf, signal } = context;
    const outputs = reportPaths(context);
    const untilMs = flags.until === undefined ? undefined : Date.parse(flags.until);
    if (untilMs !== undefined && untilMs > Date.now() + SLACK_MS) {
      throw new KitError("usage", `Cannot analyze metrics until ${flags.until}: that is in the future`, {
        hint: "Leave --until out for a period that ends now",
      });
    }
    if (sourceOf("logs") !== "default") await assertFolder(flags.logs);
    const analysis = await explainUnreadable(flags.logs, () =>
      analyzeMetrics({
        folder: flags.logs,
        rangeMs: flags.timerange,
        untilMs,
        derived: DOWNLOAD_DERIVED,
        bytes: "civitai_dl.download.bytes",
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
    await prepareOutputs(outputs);
    await writeReports(outputs, metricPage(analysis), analysis);
    const result: MetricResult = { ...analysis, reports: outputs };
    return withExit(result, analysis.lines === 0 ? 3 : 0);
  },
  render(result: MetricResult, { width }) {
    const { from, until, lines, processes, rates, times, counts, throughput, reports } = result;
    const written = reports.map((path) => `Written: ${path}\n`).join("");
    const period = `${from} to ${until} (${formatDuration(Date.parse(until) - Date.parse(from))})`;
    const notes = describeMetricGaps(result).map((note) => `Note: ${note}\n`).join("");
    if (lines === 0) return `No run wrote metrics from ${period}\n${notes}${written}`;
    const rateTable = renderTable(rates, [
      { title: "RATE", value: ({ name }) => name, minWidth: 14 },
      { title: "HOST", value: ({ host }) => host ?? "all" },
      { title: "NOW", value: formatRate },
      { title: "95 % INTERVAL", value: formatBounds },
      { title: "BEFORE", value: ({ before }) => formatRate(before) },
      { title: "CHANGE", value: ({ change }) => formatChange(change), minWidth: 12 },
    ], { width });
    const shown = (value: number | null) => value === null ? "no data" : formatDuration(value * 1000);
    const timeTable = renderTable(times, [
      { title: "DURATION", value: ({ name }) => name },
      { title: "LABELS", value: ({ labels }) => formatLabels(labels) },
      { title: "N", value: ({ count }) => count, align: "right" },
      { title: "P50", value: ({ p50 }) => shown(p50), align: "right" },
      { title: "P95", value: ({ p95 }) => shown(p95), align: "right" },
      { title: "P99", value: ({ p99 }) => shown(p99), align: "right" },
      { title: "BEFORE P95", value: ({ before }) => shown(before.p95), align: "right" },
      { title: "CHANGE", value: ({ change }) => formatChange(change), minWidth: 12 },
    ], { width });
    const countTable = renderTable(counts, [
      { title: "COUNT", value: ({ name }) => name },
      { title: "LABELS", value: ({ labels }) => formatLabels(labels) },
      { title: "NOW", value: ({ value }) => value, align: "right" },
      { title: "BEFORE", value: ({ before }) => before, align: "right" },
    ], { width });
    const speed = `Throughput: ${formatSize(throughput.bytesPerSecond)}/s, before ${formatSize(throughput.before)}/s: ${
      formatChange(throughput.change)
    }\n`;
    const head = `${period}: ${formatCount(lines, "line")} of ${
      formatCount(processes, "process", "processes")
    }\n${speed}`;
    return [head, rateTable, timeTable, countTable, `${notes}${written}`].filter((part) => part !== "").join("\n");
  },
});

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
