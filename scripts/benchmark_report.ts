import { defineCommand } from "../lib/cli/mod.ts";
import { renderReportMarkdown, renderReportText, type Report, REPORT_ENDINGS } from "../lib/report/mod.ts";
import {
  arePhases,
  type BenchDocument,
  comparisonPage,
  historyPage,
  phasesPage,
  readBenchDocument,
} from "../lib/bench/mod.ts";
import { actionEntries } from "./_bench/action_entries.ts";
import { readNewestReports } from "./_bench/newest_reports.ts";
import { prepareOutputs } from "./_frame/report/prepare_outputs.ts";
import { reportPaths, writeReports } from "./_frame/report/report_files.ts";
import { writeStepSummary } from "./_frame/report/step_summary.ts";
import { runScript } from "./_frame/run_script.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";

/** The `benchmark-report` command: renders one report, a comparison of phases, or a history. */
export const command = defineCommand({
  name: "benchmark-report",
  group: "Maintenance",
  permissions: "benchmark",
  summary: "Show a benchmark report, or the history of several",
  description: "As a page with every run as a dot (.html), Markdown (.md) or JSON for github-action-benchmark " +
    "(.json, customSmallerIsBetter). Reports of phases, all of one commit, are shown side by side. " +
    "Where GITHUB_STEP_SUMMARY is set, Markdown is appended to that file.",
  args: [{
    name: "FILE",
    summary: "A report of benchmark --phase or benchmark-compare; the newest of reports/ if none is named",
    multiple: true,
    path: true,
  }],
  flags: [{
    name: "output",
    type: "path",
    summary: `Write the page; ends with ${REPORT_ENDINGS.join(", ")}`,
    placeholder: "FILE",
    multiple: true,
  }],
  examples: [
    { command: "civitai-dl benchmark-report --output report.md", summary: "The newest report of reports/" },
    { command: "civitai-dl benchmark-report compare.json --output compare.html", summary: "A page" },
    { command: "civitai-dl benchmark-report phase2.json phase3.json phase4.json", summary: "Phases side by side" },
    {
      command: "civitai-dl benchmark-report reports/bench-*.json --output history.html",
      summary: "From commit to commit",
    },
  ],
  exits: { 2: "A file is not a benchmark report", 7: "A report is truncated, or of another version" },
  async run(context): Promise<ShownReport> {
    const outputs = reportPaths(context);
    const documents = context.args.length === 0
      ? await readNewestReports()
      : await Promise.all(context.args.map((path) => readBenchDocument(path, context)));
    const newest = documents.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1)!;
    const page = pageOf(documents, newest);
    const entries = actionEntries(newest);
    await prepareOutputs(outputs);
    await writeReports(outputs, page, entries);
    await writeStepSummary(() => renderReportMarkdown(page), context);
    return new ShownReport({ benchmarks: entries }, renderReportText(page));
  },
  render: (shown: ShownReport) => shown.text(),
});

function pageOf(documents: readonly BenchDocument[], newest: BenchDocument): Report {
  if (arePhases(documents)) return phasesPage(documents);
  return documents.length === 1 ? comparisonPage(newest) : historyPage(documents);
}

if (import.meta.main) await runScript(command);
