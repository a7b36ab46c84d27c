import { join } from "node:path";
import { writeAtomic } from "../../lib/base/mod.ts";
import type { MetricReport } from "../../lib/metrics/mod.ts";
import { pruneReports } from "./prune_reports.ts";

/**
 * Where a report goes when nobody names a place: `metrics-YYYYMMDD-HHMM.json` (UTC).
 *
 * @param logs The folder of the logs
 * @param report The report
 * @returns The path
 */
export function metricReportPath(logs: string, { time }: Pick<MetricReport, "time">): string {
  return join(logs, `metrics-${time.slice(0, 10).replaceAll("-", "")}-${time.slice(11, 16).replace(":", "")}.json`);
}

/**
 * Write a report to its default place, and take away the oldest.
 *
 * @param logs The folder of the logs; made when missing
 * @param report The report
 * @param options How many stay
 */
export async function writeMetricReport(
  logs: string,
  report: MetricReport,
  options: { readonly keep: number },
): Promise<void> {
  await Deno.mkdir(logs, { recursive: true });
  await writeAtomic(metricReportPath(logs, report), `${JSON.stringify(report, null, 2)}\n`, { sync: false });
  await pruneReports(logs, options.keep);
}
