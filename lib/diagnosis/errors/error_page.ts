import { formatCount, formatSize } from "../../base/mod.ts";
import type { CurveSeries, Report } from "../../report/mod.ts";
import type { BinnedCounts } from "../time_bins.ts";
import type { ErrorAnalysis, ExplainedCluster } from "./error_analysis.ts";

/** Number of clusters that have their own line in the chart. */
const CHARTED = 3;

/**
 * Turn an analysis of errors into a report for all output formats.
 *
 * @param analysis The analysis
 * @returns The report
 */
export function errorPage(analysis: ErrorAnalysis): Report {
  const { clusters, rest, problems, lines, files, from, to, since, time } = analysis;
  const rows = clusters.map((cluster, index) => [
    String(index + 1),
    `${cluster.isAtLeast ? "≥ " : ""}${cluster.count}`,
    `${(cluster.share * 100).toFixed(1)} %`,
    cluster.failure ?? cluster.level,
    cluster.pattern,
    cluster.firstSeen ?? "",
    cluster.lastSeen ?? "",
    describeHosts(cluster),
  ]);
  return {
    title: "Problems in the log",
    lead: `${problems} problems in ${lines} lines, ${clusters.length + rest.clusters} different ones`,
    notes: describeGaps(analysis),
    claims: [],
    charts: [{
      title: "Problems per minute",
      lead: "All problems, and the most frequent ones.",
      unit: "count",
      series: chartSeries(analysis),
    }],
    tables: [
      {
        title: "Problems by message",
        heads: ["#", "Lines", "Share", "Class", "Message", "First", "Last", "Hosts"],
        rows,
      },
      {
        title: "What to do",
        heads: ["#", "Meaning", "To do", "Runbook", "Next command", "Example"],
        rows: clusters.map(({ meaning, remedy, runbook, command, example }, index) => [
          ...[String(index + 1), meaning ?? "Not recognized", remedy ?? "", runbook ?? "", command, example],
        ]),
      },
    ],
    facts: [
      ["Period", `${from ?? "unknown"} to ${to ?? "unknown"}${since === null ? "" : `, asked for since ${since}`}`],
      ["Made", time],
      ...files.map(({ path, bytes }) => ["File", `${path}, ${formatSize(bytes)}`] as const),
    ],
  };
}

/** State what was left out, one sentence each. */
export function describeGaps({ skipped, rest, since }: ErrorAnalysis): readonly string[] {
  const { older, undated, broken, tooLong } = skipped;
  return [
    [older, `${formatCount(older, "line is", "lines are")} older than ${since}`],
    [undated, `${formatCount(undated, "line has no time and belongs", "lines have no time and belong")} to no period`],
    [broken, `${formatCount(broken, "line is", "lines are")} JSON that was cut off`],
    [tooLong, `${formatCount(tooLong, "line was", "lines were")} left out: over 1 MiB long`],
    [
      rest.problems,
      `${formatCount(rest.problems, "further problem is", "further problems are")} in rarer messages, ` +
      "which are not listed; --limit shows more",
    ],
  ].flatMap(([count, sentence]) => count === 0 ? [] : [sentence as string]);
}

/** Name the hosts of a cluster with their counts. */
export function describeHosts({ hosts }: Pick<ExplainedCluster, "hosts">): string {
  return hosts.map(({ host, count }) => `${host} (${count})`).join(", ");
}

function chartSeries({ bins, clusters }: ErrorAnalysis): readonly CurveSeries[] {
  if (bins === null) return [];
  const own = clusters.slice(0, CHARTED).map((cluster, index): CurveSeries => ({
    name: `${index + 1}: ${cluster.failure ?? cluster.level}`,
    points: cluster.bins === null ? [] : perMinute(cluster.bins, bins.startMs),
  }));
  return [{ name: "all", points: perMinute(bins, bins.startMs) }, ...own];
}

function perMinute({ startMs, widthMs, counts }: BinnedCounts, originMs: number): CurveSeries["points"] {
  return counts.map((count, index) => [
    Math.max(0, startMs - originMs + (index + 0.5) * widthMs),
    count * 60_000 / widthMs,
  ]);
}
