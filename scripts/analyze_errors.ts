import { formatCount, formatSize, shell } from "../lib/base/mod.ts";
import { type Column, defineCommand, renderTable, withExit } from "../lib/cli/mod.ts";
import { analyzeErrors, type ErrorAnalysis, errorPage, type ExplainedCluster } from "../lib/diagnosis/mod.ts";
import { OUTPUT_FLAG } from "./_analyze/output_flag.ts";
import { explainUnreadable } from "./_analyze/explain_unreadable.ts";
import { prepareOutputs } from "./_frame/prepare_outputs.ts";
import { reportPaths, writeReports } from "./_frame/report_files.ts";
import { runScript } from "./_frame/run_script.ts";

interface ErrorResult extends ErrorAnalysis {
  /** Paths of the reports that were written. */
  readonly reports: readonly string[];
}

/** Number of clusters that are explained below the table. */
const EXPLAINED = 5;

/** The `analyze-errors` command: groups the problems in logs by message. */
export const command = defineCommand({
  name: "analyze-errors",
  group: "Operation",
  summary: "Group the problems in a log by message, and say what each means and what to do",
  description:
    "Reads logs/download.log with its rotated files, the oldest first, or any other log: failures.jsonl, timeouts.log, " +
    "JSON lines or text. Messages that differ only in names, numbers, paths, hashes or URLs count as one. " +
    "Needs no network and no library.",
  flags: [
    {
      name: "log-file",
      type: "path",
      summary: "The log, or - for standard input",
      placeholder: "FILE",
      multiple: true,
      default: ["logs/download.log"],
    },
    {
      name: "timerange",
      type: "duration",
      summary: "Only the last hour (1h), day (1d) …; everything by default",
      min: "1s",
    },
    { name: "since", type: "date", summary: "Only lines since then" },
    {
      name: "level",
      type: "choice",
      summary: "The least serious problems that count; retries are warnings",
      choices: ["error", "warning"],
      default: "warning",
    },
    { name: "rotated", type: "boolean", summary: "Read the rotated files too", default: true },
    { name: "limit", type: "integer", summary: "Maximum number of messages", default: 20, min: 1, max: 1000 },
    OUTPUT_FLAG,
  ],
  excludes: [["timerange", "since"]],
  worksWithoutConfig: true,
  examples: [
    { command: "civitai-dl analyze-errors --timerange 1h", summary: "The last hour of downloads" },
    { command: "civitai-dl analyze-errors --log-file - < service.log", summary: "The log of a service" },
    {
      command: "civitai-dl analyze-errors --log-file logs/failures.jsonl --output errors.html",
      summary: "A page with charts",
    },
    { command: "civitai-dl analyze-errors --level error --json", summary: "Only what failed, as JSON" },
  ],
  exits: {
    0: "Analyzed, also if there are no problems",
    2: "A log is missing, unreadable or not text",
    3: "There are no lines in the period",
  },
  async run(context) {
    const { flags, signal } = context;
    const outputs = reportPaths(context);
    const now = Date.now();
    const sinceMs = flags.timerange === undefined
      ? flags.since === undefined ? undefined : Date.parse(flags.since)
      : now - flags.timerange;
    const analysis = await explainUnreadable(flags.logFile.join('", "'), () =>
      analyzeErrors({
        paths: flags.logFile,
        sinceMs,
        withRotated: flags.rotated,
        level: flags.level,
        limit: flags.limit,
        signal,
      }));
    await prepareOutputs(outputs);
    await writeReports(outputs, errorPage(analysis), analysis);
    const result: ErrorResult = { ...analysis, reports: outputs };
    return withExit(result, analysis.lines === 0 ? 3 : 0);
  },
  render(result: ErrorResult, { width }) {
    const { clusters, reports, lines, problems, files } = result;
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const source = `${files.map(({ path }) => path).join(", ")} (${formatSize(size)})`;
    const written = reports.map((path) => `Written: ${path}\n`).join("");
    const notes = errorPage(result).notes.map((note) => `Note: ${note}\n`).join("");
    if (lines === 0) {
      const newest = result.to === null ? "" : `; the newest is of ${result.to}`;
      const period = result.since === null ? "" : ` since ${result.since}`;
      return `No lines${period} in ${source}${newest}\n${notes}${written}`;
    }
    const period = result.from === null ? "" : `, ${result.from} to ${result.to}`;
    const head = `${formatCount(problems, "problem")} in ${formatCount(lines, "line")} of ${source}${period}\n`;
    if (problems === 0) return `${head}${notes}${written}`;
    const table = renderTable(clusters, COLUMNS, { width });
    const details = clusters.slice(0, EXPLAINED).map(explain).join("\n");
    return `${head}\n${table}\n${details}${notes === "" ? "" : "\n"}${notes}${written}`;
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
  const { failure, level, pattern, hosts, firstSeen, lastSeen, example, meaning, remedy, runbook, topic } = cluster;
  const rows: readonly (readonly [name: string, value: string | null])[] = [
    ["Seen", firstSeen === null ? null : `${firstSeen} to ${lastSeen}`],
    ["Hosts", hosts.map(({ host, count }) => `${host} (${count})`).join(", ")],
    ["Example", example],
    ["Meaning", meaning ?? "Not recognized"],
    ["To do", remedy],
    ["More", topic === null ? runbook : `${shell`civitai-dl doctor ${topic}`} (${runbook})`],
    ["Next", cluster.command],
  ];
  const shown = rows.filter(([, value]) => value !== null && value !== "");
  return `${failure ?? level}: ${pattern}\n${
    shown.map(([name, value]) => `  ${`${name}:`.padEnd(9)}${value}\n`).join("")
  }`;
}

if (import.meta.main) await runScript(command);
