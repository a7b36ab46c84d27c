import { formatCount, formatSize, shell } from "../lib/base/mod.ts";
import { type Column, defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import { analyzeErrors, type ErrorAnalysis, type ExplainedCluster } from "../lib/diagnosis/mod.ts";
import { explainUnreadable } from "./_analyze/explain_unreadable.ts";
import { runScript } from "./_frame/run_script.ts";

/** Number of clusters that are explained below the table. */
const EXPLAINED = 5;

/** The `analyze-errors` command: groups the problems in a log by message. */
export const command = defineCommand({
  name: "analyze-errors",
  group: "Operation",
  permissions: "analyze",
  summary: "Group the problems in a log by message, and say what each means and what to do",
  description:
    "Reads logs/download.log with its rotated files, the oldest first, or another log: failures.jsonl, timeouts.log, or " +
    "text with a level and a time (ISO 8601) in each line. Messages that differ only in names, numbers, paths, hashes or URLs count as one. " +
    "Needs no network and no library.",
  flags: [
    {
      name: "log-file",
      type: "path",
      summary: "The log, or - for standard input",
      placeholder: "FILE",
      default: "logs/download.log",
    },
    {
      name: "timerange",
      type: "duration",
      summary: "Only the last hour (1h), day (1d) …; everything by default",
      min: "1s",
    },
    {
      name: "level",
      type: "choice",
      summary: "The least serious problems that count; retries are warnings",
      choices: ["error", "warning"],
      default: "warning",
    },
    { name: "limit", type: "integer", summary: "Maximum number of messages", default: 20, min: 1, max: 1000 },
  ],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl analyze-errors --timerange 1h", summary: "The last hour of downloads" },
    { command: "civitai-dl analyze-errors --log-file - < service.log", summary: "The log of a service" },
    { command: "civitai-dl analyze-errors --level error --json", summary: "Only what failed, as JSON" },
  ],
  exits: {
    0: "Analyzed, also if there are no problems",
    2: "The log is missing, unreadable or not text",
    3: "There are no lines in the period",
  },
  async run({ flags, signal }) {
    const { logFile, timerange, level, limit } = flags;
    const sinceMs = timerange === undefined ? undefined : Date.now() - timerange;
    const analysis = await explainUnreadable(
      logFile,
      () => analyzeErrors({ path: logFile, sinceMs, level, limit, signal }),
    );
    return withExit(analysis, analysis.lines === 0 ? 3 : 0);
  },
  render(result: ErrorAnalysis, { width }) {
    const { clusters, lines, problems, files } = result;
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const source = `${files.map(({ path }) => path).join(", ")} (${formatSize(size)})`;
    const notes = describeGaps(result).map((note) => `Note: ${note}\n`).join("");
    if (lines === 0) {
      const newest = result.to === null ? "" : `; the newest is of ${result.to}`;
      const period = result.since === null ? "" : ` since ${result.since}`;
      return `No lines${period} in ${source}${newest}\n${notes}`;
    }
    const period = result.from === null ? "" : `, ${result.from} to ${result.to}`;
    const head = `${formatCount(problems, "problem")} in ${formatCount(lines, "line")} of ${source}${period}\n`;
    if (problems === 0) return `${head}${notes}`;
    const table = renderTable(clusters, COLUMNS, { width });
    const details = clusters.slice(0, EXPLAINED).map(explain).join("\n");
    return `${head}\n${table}\n${details}${notes === "" ? "" : "\n"}${notes}`;
  },
});

const COLUMNS: readonly Column<ExplainedCluster>[] = [
  { title: "LINES", value: ({ count, isAtLeast }) => `${isAtLeast ? "≥ " : ""}${count}`, align: "right" },
  { title: "SHARE", value: ({ share }) => `${(share * 100).toFixed(1)} %`, align: "right" },
  { title: "LAST SEEN", value: ({ lastSeen }) => lastSeen?.slice(0, 19).replace("T", " ") ?? "", minWidth: 19 },
  { title: "CLASS", value: ({ failure, level }) => failure ?? level },
  { title: "MESSAGE", value: ({ pattern }) => pattern },
];

function explain(cluster: ExplainedCluster): string {
  const { failure, level, pattern, hosts, firstSeen, lastSeen, example, meaning, remedy, runbook, problem, next } =
    cluster;
  const rows: readonly (readonly [name: string, value: string | null])[] = [
    ["Seen", firstSeen === null ? null : `${firstSeen} to ${lastSeen}`],
    ["Hosts", hosts.map(({ host, count }) => `${host} (${count})`).join(", ")],
    ["Example", example],
    ["Meaning", meaning ?? "Not recognized"],
    ["To do", remedy],
    ["More", problem === null ? null : `${shell`civitai-dl doctor ${problem}`} (${runbook})`],
    ["Next", next],
  ];
  const shown = rows.filter(([, value]) => value !== null && value !== "");
  return `${failure ?? level}: ${pattern}\n${
    shown.map(([name, value]) => `  ${`${name}:`.padEnd(9)}${value}\n`).join("")
  }`;
}

/** State what was left out, one sentence each. */
function describeGaps({ skipped, rest, since }: ErrorAnalysis): readonly string[] {
  const { older, undated, broken, tooLong } = skipped;
  return [
    [older, `${formatCount(older, "line is", "lines are")} older than ${since}`],
    [undated, `${formatCount(undated, "line has no time and belongs", "lines have no time and belong")} to no period`],
    [broken, `${formatCount(broken, "line is", "lines are")} JSON that was cut off`],
    [tooLong, `${formatCount(tooLong, "line was", "lines were")} left out: over 1 MiB long`],
    [
      rest,
      `${formatCount(rest, "further problem is", "further problems are")} in rarer messages, ` +
      "which are not listed; --limit shows more",
    ],
  ].flatMap(([count, sentence]) => count === 0 ? [] : [sentence as string]);
}

if (import.meta.main) await runScript(command);
