import { dirname } from "node:path";
import { formatCount, formatDuration, formatSize, KitError, systemClock, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand, renderTable } from "../lib/cli/mod.ts";
import {
  type MetricReport,
  metricReportPath,
  reportSnapshot,
  writeMetricReport,
  writeTextfile,
} from "../lib/metrics/mod.ts";
import { OPERATION_FLAGS } from "./_frame/flags.ts";
import { LibraryMetrics } from "../lib/monitor/mod.ts";
import { readMetricSettings } from "./_frame/gauges/metric_settings.ts";
import { runScript } from "./_frame/run_script.ts";

interface CollectResult extends MetricReport {
  /** Paths of the files that were written. */
  readonly files: readonly string[];
}

/** The `collect-metrics` command: summarizes the metrics journal of the last few minutes. */
export const command = defineCommand({
  name: "collect-metrics",
  group: "Operation",
  permissions: "local",
  summary: "Report the metrics of the last few minutes: error and timeout rate, memory, disk",
  description:
    "Reads the metrics journal that downloads write, logs/metrics.jsonl, and the usage of the library's disk. A rate " +
    "without any downloads is null, not zero. --textfile also writes the report as gauges for Prometheus' node_exporter.",
  flags: [
    {
      name: "output",
      short: "o",
      type: "path",
      summary: "Where to write the report; by default metrics-YYYYMMDD-HHMM.json (UTC) in the log folder",
      placeholder: "FILE",
      multiple: true,
    },
    {
      name: "keep",
      type: "integer",
      summary: "Number of reports with the default name to keep in the log folder; older ones are deleted",
      default: 1440,
      min: 1,
    },
    { name: "window", type: "duration", summary: "Time window of the report", default: "5m", min: "1s", max: "30d" },
    {
      name: "textfile",
      type: "path",
      summary: "Also write the Prometheus text format, for node_exporter's textfile collector",
      placeholder: "FILE.prom",
    },
    ...OPERATION_FLAGS,
  ],
  examples: [
    { command: "civitai-dl collect-metrics", summary: "The last five minutes" },
    { command: "civitai-dl collect-metrics --window 1d --json", summary: "The last day, as JSON for a script" },
    {
      command: "civitai-dl collect-metrics --textfile /var/lib/prometheus/node-exporter/civitai_dl.prom",
      summary: "From a timer, for Prometheus",
    },
  ],
  exits: { 0: "Collected, even if there is nothing to report", 4: "The report cannot be written" },
  async run({ flags, display, signal }) {
    const { logs, output, textfile } = flags;
    if (textfile !== undefined && !textfile.endsWith(".prom")) {
      throw new KitError(
        "usage",
        `Cannot write "${textfile}" for node_exporter: it reads only files that end with .prom`,
        {
          hint: "Pass --textfile FOLDER/civitai_dl.prom, where FOLDER is the one that its textfile collector reads",
        },
      );
    }
    const now = systemClock.now();
    const onWarning = (message: string) => display.notice(`warning: ${message}`);
    const metrics = new LibraryMetrics({ ...readMetricSettings(flags), windowMs: flags.window, onWarning });
    await metrics.refresh(now, { signal });
    const report = metrics.report({ windowMs: flags.window, now });
    const skipped = Object.entries(report.skipped).filter(([, count]) => count > 0);
    if (skipped.length > 0) {
      const parts = skipped.map(([reason, count]) => `${count} ${reason}`).join(", ");
      display.notice(`warning: left out lines of the journal in "${logs}": ${parts}`);
    }
    if (report.lines === 0) display.log(`No run wrote metrics to "${logs}" in this window`);
    const files = output.length > 0 ? output : [metricReportPath(logs, report)];
    if (output.length === 0) {
      const kept: OutputFile = { path: files[0]!, flag: "--output" };
      await write(kept, () => writeMetricReport(logs, report, { keep: flags.keep }));
    }
    const text = `${JSON.stringify(report, null, 2)}\n`;
    for (const path of output) await write({ path, flag: "--output" }, () => writeInFolder(path, text));
    if (textfile !== undefined) {
      const snapshot = reportSnapshot(report, "civitai_dl");
      await write({ path: textfile, flag: "--textfile" }, async () => {
        await Deno.mkdir(dirname(textfile), { recursive: true });
        await writeTextfile(textfile, snapshot);
      });
    }
    const result: CollectResult = { ...report, files: [...files, ...textfile === undefined ? [] : [textfile]] };
    return result;
  },
  render(result: CollectResult, { width }) {
    const rows = Object.entries(result.metrics).map(([name, value]) => ({
      name,
      value,
      samples: result.samples[name]!,
    }));
    const table = renderTable(rows, [
      { title: "METRIC", value: (row) => row.name },
      { title: "VALUE", value: (row) => formatValue(row.name, row.value), align: "right" },
      { title: "SAMPLES", value: (row) => row.samples, align: "right" },
    ], { width });
    const disk = result.disk === null ? "" : `; ${formatSize(result.disk.freeBytes)} free on disk`;
    const running = formatCount(result.processes.length, "process", "processes");
    const foot = `Last ${formatDuration(result.windowMs)}: ${running} running, ${
      formatCount(result.lines, "journal line")
    }${disk}`;
    return `${table}${foot}\n${result.files.map((file) => `Written: ${file}\n`).join("")}`;
  },
});

function formatValue(name: string, value: number | null): string {
  if (value === null) return "no data";
  if (name.endsWith("_rate")) return `${(value * 100).toFixed(2)} %`;
  if (name.endsWith("_percent")) return `${value.toFixed(1)} %`;
  if (name === "bytes_per_second") return `${formatSize(value)}/s`;
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

interface OutputFile {
  readonly path: string;
  /** The flag that gives another path, for the hint of an error. */
  readonly flag: "--output" | "--textfile";
}

async function writeInFolder(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeAtomic(path, text);
}

async function write({ path, flag }: OutputFile, writer: () => Promise<void>): Promise<void> {
  try {
    await writer();
  } catch (error) {
    // The runtime's own message about a missing permission is better.
    if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
    throw new KitError("unsafe", `Cannot write "${path}": ${error.message}`, {
      hint: `Pass ${flag} with a path in a writable folder`,
      cause: error,
    });
  }
}

if (import.meta.main) await runScript(command);
