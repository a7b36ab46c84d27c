import { join } from "node:path";
import { ensurePrivateFolder, PRIVATE_FILE_MODE, removeIfExists, writeAtomic } from "../../base/mod.ts";
import { METRIC_JOURNAL_NAME } from "./metric_journal.ts";
import type { MetricReport } from "../metric_report.ts";

/** Default file names of reports; no other file is removed. */
const NAME = /^metrics-\d{8}-\d{4}\.json$/;

/**
 * Return the default path of a report: `metrics-YYYYMMDD-HHMM.json` (UTC).
 *
 * @param logs The log folder
 * @param report The report
 * @returns The path
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { join } from "node:path";
 * import { metricReportPath } from "@civitai-dl/civitai-dl/metrics";
 *
 * const path = metricReportPath("logs", { time: "2026-01-02T12:34:56.000Z" });
 * assertEquals(path, join("logs", "metrics-20260102-1234.json"));
 * ```
 */
export function metricReportPath(logs: string, { time }: Pick<MetricReport, "time">): string {
  return join(logs, `metrics-${time.slice(0, 10).replaceAll("-", "")}-${time.slice(11, 16).replace(":", "")}.json`);
}

/**
 * Write a report to its default path, and remove the oldest reports.
 *
 * @param logs The log folder; created if missing
 * @param report The report
 * @param options Maximum number of reports to keep
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { collectMetrics, metricReportPath, writeMetricReport } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * const report = await collectMetrics({ folder, windowMs: 60_000, definitions: [], derived: [] });
 * await writeMetricReport(folder, report, { keep: 100 });
 * assertEquals(JSON.parse(await Deno.readTextFile(metricReportPath(folder, report))), report);
 * ```
 */
export async function writeMetricReport(
  logs: string,
  report: MetricReport,
  options: { readonly keep: number },
): Promise<void> {
  ensurePrivateFolder(logs, { marker: METRIC_JOURNAL_NAME });
  const text = `${JSON.stringify(report, null, 2)}\n`;
  await writeAtomic(metricReportPath(logs, report), text, { sync: false, mode: PRIVATE_FILE_MODE });
  await pruneReports(logs, options.keep);
}

/** Remove the oldest reports, so that one per minute for a week does not fill the disk. */
async function pruneReports(folder: string, keep: number): Promise<void> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) if (isFile && NAME.test(name)) names.push(name);
  // The file name contains the time, so sorting by name sorts by time.
  const old = names.toSorted().slice(0, Math.max(0, names.length - keep));
  for (const name of old) await removeIfExists(join(folder, name));
}
