import { KitError } from "../lib/base/mod.ts";
import { type BenchDocument, MAX_RUNS } from "../lib/bench/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, type Outcome } from "../lib/cli/mod.ts";
import { renderReportMarkdown, REPORT_ENDINGS } from "../lib/report/mod.ts";
import { COMMIT_FLAGS, judgeCommits, measureCommits } from "./_bench/measure_commits.ts";
import { prepareOutputs } from "./_frame/report/prepare_outputs.ts";
import { reportPaths, writeReports } from "./_frame/report/report_files.ts";
import type { ShownReport } from "./_frame/report/shown_report.ts";
import { writeStepSummary } from "./_frame/report/step_summary.ts";
import { runScript } from "./_frame/run_script.ts";

const FLAGS = [
  {
    name: "baseline",
    setting: "none",
    type: "string",
    summary: "Branch, tag or commit; merge-base is where the target left main, phase-tag the tag of the phase before",
    placeholder: "REF",
    default: "main",
  },
  {
    name: "target",
    setting: "none",
    type: "string",
    summary: "Candidate that is compared with the baseline",
    placeholder: "REF",
    default: "HEAD",
  },
  { name: "runs", type: "integer", summary: "Measured runs of each side", default: 20, min: 4, max: MAX_RUNS },
  {
    name: "only",
    setting: "none",
    type: "string",
    summary: "Only benchmarks with this in their name",
    multiple: true,
    placeholder: "NAME",
  },
  {
    name: "comprehensive",
    type: "boolean",
    summary: `As many runs as fit in --duration, at least --runs, at most ${MAX_RUNS}`,
  },
  {
    name: "duration",
    type: "duration",
    summary: "Duration of --comprehensive, with its unit",
    default: "30m",
    min: "1s",
    check: refuseBareNumber,
  },
  ...COMMIT_FLAGS,
  {
    name: "output",
    type: "path",
    summary: `Also write a report; ends with ${REPORT_ENDINGS.join(", ")}`,
    placeholder: "FILE",
    multiple: true,
  },
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `benchmark-compare` command: compares two commits. */
export const command = defineCommand({
  name: "benchmark-compare",
  group: "Maintenance",
  permissions: "benchmark",
  summary: "Compare the speed of two commits",
  description:
    "Each commit is checked out into a temporary working tree and measured with its own code; your checkout is not changed. " +
    "Runs take turns (A B B A), the first round is discarded, and the baseline runs twice a round, which shows how far equal " +
    "code differs. A time passes if it is proven to take at most the threshold longer, by a ratio with 95 % interval and a rank " +
    "test, and fails if it is proven to take more; counts are compared exactly. The gate accepts two baselines: merge-base for " +
    "its condition no-regression, phase-tag for no-regression-over-phase.\n\n" +
    "A side runs deno bench on its benchmarks/*_bench.ts, or --command, which prints the same JSON or " +
    '{"benchmarks": [{"name", "unit", "isExact", "value"}]}.',
  args: [
    { name: "BASELINE", summary: "The same as --baseline" },
    { name: "TARGET", summary: "The same as --target" },
  ],
  flags: FLAGS,
  examples: [
    { command: "civitai-dl benchmark-compare main performance/phase1", summary: "Effect of a branch" },
    {
      command: "civitai-dl benchmark-compare --baseline v1.0.0 --comprehensive --output compare.html",
      summary: "Half an hour, as a page",
    },
  ],
  exits: {
    1: "Slower, missing or failed",
    2: "No such commit, or no benchmarks",
    3: "The runs are inconclusive",
  },
  async run(context): Promise<Outcome> {
    const outputs = reportPaths(context);
    await prepareOutputs(outputs);
    const { report, page, outcome } = judgeCommits(await measure(context), context.signal);
    await writeReports(outputs, page, report);
    await writeStepSummary(() => renderReportMarkdown(page), context);
    return outcome;
  },
  render: (shown: ShownReport) => shown.text(),
});

async function measure(context: CommandContext<Flags>): Promise<BenchDocument> {
  const { flags, sourceOf } = context;
  if (sourceOf("duration") === "flag" && !flags.comprehensive) {
    throw new KitError("usage", "Cannot compare for a --duration without --comprehensive", {
      hint: "Give both, or --runs",
    });
  }
  return await measureCommits(context, {
    command: "benchmark-compare",
    baseline: sideOf(context, "baseline", 0),
    target: sideOf(context, "target", 1),
    runs: flags.runs,
    durationMs: flags.comprehensive ? flags.duration : undefined,
    only: flags.only,
  });
}

/** Return a side from the arguments, or from its flag. */
function sideOf({ flags, args, sourceOf }: CommandContext<Flags>, name: "baseline" | "target", index: number): string {
  const word = args[index];
  if (word === undefined) return flags[name];
  if (sourceOf(name) !== "flag") return word;
  throw new KitError("usage", `Cannot compare with "${word}" and with --${name} ${flags[name]}: both are the ${name}`, {
    hint: "Give one of them",
  });
}

/** Other tools count this duration in minutes, and this program counts numbers without a unit in seconds. */
function refuseBareNumber(text: string): void {
  if (/^\d+(\.\d+)?$/.test(text)) throw new SyntaxError(`It may mean minutes or seconds: say ${text}m or ${text}s`);
}

if (import.meta.main) await runScript(command);
