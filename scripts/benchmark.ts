import { VERDICT_EXITS } from "../lib/judge/mod.ts";
import { KitError } from "../lib/base/mod.ts";
import { phasesPage } from "../lib/bench/mod.ts";
import { type CommandContext, defineCommand, Outcome, withExit } from "../lib/cli/mod.ts";
import { renderReportMarkdown, renderReportText } from "../lib/report/mod.ts";
import { reportPaths, writeReports } from "./_frame/report/report_files.ts";
import { writeStepSummary } from "./_frame/report/step_summary.ts";
import { prepareOutputs } from "./_frame/report/prepare_outputs.ts";
import { importWorkloads, runBenchmark, type Workloads } from "./_bench/run_benchmark.ts";
import { runPhase } from "./_bench/run_phase.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { BENCHMARK_FLAGS, type BenchmarkFlags } from "./_bench/benchmark_flags.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `benchmark` command; needs a checkout, because a bundle does not contain the workloads. */
export const command = defineCommand({
  name: "benchmark",
  group: "Maintenance",
  permissions: "benchmark",
  summary: "Measure a phase against phase 1, or the engine against other downloaders",
  description:
    "Each side runs in a process of its own. The sides take turns in alternating order, the first round is discarded, " +
    "and the intervals of ratios assume no distribution. Peers that are not installed are reported and left out.\n\n" +
    "A full run takes more than an hour and up to 25 GB of disk, and needs an otherwise idle machine. With --scale or " +
    "fewer than 6 runs the numbers are a preview without a verdict, and the exit code is 3.",
  flags: BENCHMARK_FLAGS,
  examples: [
    {
      command: "civitai-dl benchmark --phase 4 --output phase4.json",
      summary: "Evidence for the gate, a quarter of an hour",
    },
    { command: "civitai-dl benchmark --peers --output peers.html", summary: "All targets, as a page with charts" },
    {
      command: "civitai-dl benchmark --peers --only P1,P8 --scale 0.1 --runs 2",
      summary: "A quick preview of two targets",
    },
  ],
  exits: {
    1: "A target was missed",
    3: "A target is not decided, something could not be measured, or it was only a preview",
  },
  async run(context): Promise<Outcome> {
    const { flags } = context;
    const outputs = reportPaths(context);
    const { phase } = flags;
    if (flags.peers === (phase !== undefined)) {
      const state = flags.peers ? "two comparisons are given" : "no comparison is given";
      throw new KitError("usage", `Cannot benchmark: ${state}`, { hint: "Use one of --peers and --phase" });
    }
    const workloads = await importWorkloads();
    await prepareOutputs(outputs);
    if (phase !== undefined) return await measurePhase(phase, context, { workloads, outputs });
    const report = await runBenchmark(context, workloads);
    const page = workloads.peersPage(report);
    await writeReports(outputs, page, report);
    const shown = new ShownReport(report, renderReportText(page));
    // If it was stopped, the frame derives the exit code from the signal.
    if (context.signal.aborted) return new Outcome(shown, undefined);
    return withExit(shown, VERDICT_EXITS[workloads.verdictOfPeers(report)]);
  },
  render: (shown: ShownReport) => shown.text(),
});

/** Measure a phase. A `.json` file is the evidence for the gate; other files are pages for people. */
async function measurePhase(
  phase: number,
  context: CommandContext<BenchmarkFlags>,
  { workloads, outputs }: { readonly workloads: Workloads; readonly outputs: readonly string[] },
): Promise<Outcome> {
  const { document, exitCode } = await runPhase(phase, context, workloads);
  const page = phasesPage([document]);
  await writeReports(outputs, page, document);
  await writeStepSummary(() => renderReportMarkdown(page), context);
  const shown = new ShownReport(document, renderReportText(page));
  return context.signal.aborted ? new Outcome(shown, undefined) : withExit(shown, exitCode);
}

if (import.meta.main) await runScript(command);
