import { formatDuration, formatSize } from "../../lib/base/mod.ts";
import { claimRow, type Report } from "../../lib/report/mod.ts";
import { speedOf } from "./judge_load.ts";
import type { LoadReport } from "./load_report.ts";

const TITLES: Readonly<Record<string, string>> = {
  "load_success": "Files that are right, in all runs",
  "load_speed": "Median speed of the runs",
  "load_memory": "Largest resident memory",
  "load_runs": "Runs that did not meet one of these limits",
};

/** Convert the report of a load to one with its claims and a table of its runs. */
export function loadPage({ verdict, end, settings, actualMs, rounds: runs, claims }: LoadReport): Report {
  const took = formatDuration(1000 * Math.round(actualMs / 1000));
  return {
    title: "Load",
    verdict,
    lead: `${settings.files} files, ${formatSize(settings.bytes)}, ${settings.creators} creators, ` +
      `${runs.length} of ${settings.runs} runs, ${took}`,
    notes: [
      ...end.type === "signal" ? [`Stopped: ${end.reason}; --resume goes on with the next run`] : [],
      ...runs.flatMap(({ round, messages }) => messages.map((text) => `run ${round + 1}: ${text}`)),
    ],
    claims: claims.map((claim) => claimRow(claim, TITLES[claim.id])),
    charts: [],
    tables: [{
      title: "Runs",
      isBrief: true,
      heads: ["Run", "Files", "Right", "Time", "Speed", "Memory", "Exit"],
      rows: runs.map((run) => [
        ...[run.round + 1, run.files, run.right].map(String),
        `${run.seconds.toFixed(1)} s`,
        `${speedOf(run).toFixed(1)} MB/s`,
        run.peakRssBytes === null ? "unknown" : `${(run.peakRssBytes / 1e6).toFixed(1)} MB`,
        String(run.code),
      ]),
    }],
    facts: [],
  };
}
