import { KitError } from "../lib/base/mod.ts";
import {
  compareCommits,
  compareFiles,
  comparisonPage,
  type JoinedReports,
  judgeComparison,
  MAX_RUNS,
  TWO_SESSIONS,
} from "../lib/bench/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, Outcome, withExit } from "../lib/cli/mod.ts";
import { renderReportMarkdown, renderReportText, REPORT_ENDINGS } from "../lib/report/mod.ts";
import { adviseTurns } from "./_bench/advise_turns.ts";
import { reportPaths, writeReports } from "./_frame/report/report_files.ts";
import { writeStepSummary } from "./_frame/report/step_summary.ts";
import { prepareOutputs } from "./_frame/report/prepare_outputs.ts";
import { IN_REPOSITORY } from "./_frame/carried_flags.ts";
import { runScript } from "./_frame/run_script.ts";
import { findFixedBaseline } from "./_bench/fixed_baseline.ts";
import { isPhaseTag } from "./_bench/phase_tags.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { withDownloads } from "./_bench/with_downloads.ts";

const FLAGS = [
  {
    name: "baseline",
    setting: "none",
    type: "string",
    summary:
      "Branch, tag, commit, or a report; merge-base is where the target left main, phase-tag the tag of the phase before",
    placeholder: "REF|FILE",
    default: "main",
  },
  {
    name: "target",
    setting: "none",
    type: "string",
    summary: "Candidate that is compared with the baseline",
    placeholder: "REF|FILE",
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
  {
    name: "threshold",
    type: "number",
    summary: "Allowed slowdown, as a fraction",
    default: 0.05,
    min: 0,
    max: 1,
  },
  {
    name: "command",
    setting: "none",
    type: "string",
    summary: "Shell command that each side runs in its folder",
    placeholder: "COMMAND",
  },
  {
    name: "downloads",
    type: "boolean",
    summary: "Also measure whole downloads by the program of each commit: small, large, mixed, faulty, again",
  },
  { name: "time-limit", type: "duration", summary: "Time limit of one run", default: "10m", min: "1s" },
  {
    name: "repo",
    type: "path",
    summary: "A folder of the repository",
    default: ".",
    placeholder: "FOLDER",
    carriedTo: IN_REPOSITORY,
  },
  {
    name: "allow-env-mismatch",
    type: "boolean",
    summary: "Show reports of different machines or runtimes side by side",
  },
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

/** The `benchmark-compare` command: compares two commits, or two reports. */
export const command = defineCommand({
  name: "benchmark-compare",
  group: "Maintenance",
  summary: "Compare the speed of two commits, or show two reports",
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
    2: "No such commit, no benchmarks, or a report that cannot be read",
    3: "The runs are inconclusive, scaled down, or from different sessions or machines",
    7: "A report is truncated, or of another version",
  },
  async run(context): Promise<Outcome> {
    const outputs = reportPaths(context);
    await prepareOutputs(outputs);
    const { document, inconclusiveReason } = await compare(context);
    const comparison = judgeComparison(document);
    const report = { ...document, comparison };
    const page = comparisonPage(document, comparison);
    await writeReports(outputs, page, report);
    await writeStepSummary(() => renderReportMarkdown(page), context);
    const advice = inconclusiveReason === TWO_SESSIONS ? [adviseTurns("benchmark-compare", document)] : [];
    const text = renderReportText({ ...page, notes: [...page.notes, ...advice] });
    const code = { pass: 0, fail: 1, inconclusive: 3 }[comparison.verdict];
    const shown = new ShownReport(report, text);
    // If the comparison was interrupted, the frame derives the exit code from the signal.
    return context.signal.aborted ? new Outcome(shown, undefined) : withExit(shown, code);
  },
  render: (shown: ShownReport) => shown.text(),
});

/** Flags that control a measurement. They are refused when two reports are compared. */
const MEASURING = ["only", "runs", "comprehensive", "duration", "command", "downloads", "time-limit"];

async function compare(context: CommandContext<Flags>): Promise<JoinedReports> {
  const { flags, display, signal, sourceOf } = context;
  const baseline = sideOf(context, "baseline", 0);
  const target = sideOf(context, "target", 1);
  const margin = flags.threshold;
  const files = [await isFile(baseline), await isFile(target)];
  if (files[0] && files[1]) {
    const idle = MEASURING.find((name) => sourceOf(name) === "flag");
    if (idle !== undefined) {
      throw new KitError("usage", `Cannot compare two reports with --${idle}: nothing is measured`, {
        hint: `Leave --${idle} out, or name two commits`,
      });
    }
    return await compareFiles(baseline, target, { margin, isMismatchAllowed: flags.allowEnvMismatch, signal });
  }
  if (files[0] || files[1]) {
    throw new KitError("usage", "Cannot compare a report with a commit", { hint: "Name two reports, or two commits" });
  }
  if (sourceOf("duration") === "flag" && !flags.comprehensive) {
    throw new KitError("usage", "Cannot compare for a --duration without --comprehensive", {
      hint: "Give both, or --runs",
    });
  }
  if (flags.downloads && flags.command !== undefined) {
    throw new KitError("usage", "Cannot measure downloads with --command: it replaces what is measured", {
      hint: "Leave one of them out",
    });
  }
  const root = requireCheckout("benchmark-compare");
  const fixed = await findFixedBaseline({ folder: flags.repo, baseline, target });
  if (fixed.kind === "other" && isPhaseTag(baseline)) {
    const before = fixed.phaseBefore === null ? "" : `; that is ${fixed.phaseBefore}`;
    display.log(`No evidence for the gate: "${baseline}" is not the tag of the phase before "${target}"${before}`);
  }
  const document = await compareCommits({
    baseline: fixed.ref,
    target,
    margin,
    signal,
    folder: flags.repo,
    only: flags.only,
    runs: flags.runs,
    durationMs: flags.comprehensive ? flags.duration : undefined,
    timeLimitMs: flags.timeLimit,
    command: flags.command ?? null,
    extend: flags.downloads ? (command) => withDownloads(root, command, flags.only) : undefined,
    onProgress: (text) => display.log(text),
  });
  const named = { ...document, baselineKind: fixed.kind, downloads: flags.downloads };
  return { document: named, inconclusiveReason: document.reservation ?? null };
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

/**
 * Whether a name is a report. A branch may have the same name as a folder, but is unlikely to have a name that ends
 * with `.json`.
 */
async function isFile(name: string): Promise<boolean> {
  return name.endsWith(".json") && await Deno.stat(name).then((info) => info.isFile, () => false);
}

if (import.meta.main) await runScript(command);
