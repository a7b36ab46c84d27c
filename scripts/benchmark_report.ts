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
  description: "As a page with every run as a dot (.html), Markdown (.md) or JSON (.json, the reports themselves). " +
    "Reports of phases, all of one commit, are shown side by side. " +
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
    const page = pageOf(documents);
    await prepareOutputs(outputs);
    await writeReports(outputs, page, { reports: documents });
    await writeStepSummary(() => renderReportMarkdown(page), context);
    return new ShownReport({ reports: documents }, renderReportText(page));
  },
  render: (shown: ShownReport) => shown.text(),
});

function pageOf(documents: readonly BenchDocument[]): Report {
  if (arePhases(documents)) return phasesPage(documents);
  return documents.length === 1 ? comparisonPage(documents[0]!) : historyPage(documents);
}

if (import.meta.main) await runScript(command);
