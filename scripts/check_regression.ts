import { KitError } from "../lib/base/mod.ts";
import {
  type BenchDocument,
  compareCommits,
  compareFiles,
  comparisonPage,
  type JoinedReports,
  judgeComparison,
  TWO_SESSIONS,
} from "../lib/bench/mod.ts";
import { type CommandContext, defineCommand, type Flag, type FlagsOf, Outcome, withExit } from "../lib/cli/mod.ts";
import { renderReportText } from "../lib/report/mod.ts";
import { IN_REPOSITORY } from "./_frame/carried_flags.ts";
import { adviseTurns } from "./_bench/advise_turns.ts";
import { runScript } from "./_frame/run_script.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { ShownReport } from "./_frame/report/shown_report.ts";
import { withDownloads } from "./_bench/with_downloads.ts";

/** Number of runs of each side when commits are measured. */
const RUNS = 20;

const FLAGS = [
  {
    name: "baseline",
    setting: "none",
    type: "string",
    summary: "The baseline: a report, or a branch, tag or commit",
    placeholder: "REF|FILE",
  },
  {
    name: "current",
    setting: "none",
    type: "string",
    summary: "The current state: a report, or a branch, tag or commit; a report alone has both sides",
    placeholder: "REF|FILE",
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
    summary: "With commits: shell command that each side runs in its folder, instead of deno bench",
    placeholder: "COMMAND",
  },
  {
    name: "downloads",
    type: "boolean",
    summary: "With commits: also measure whole downloads by the program of each, as benchmark-compare does",
  },
  {
    name: "repo",
    type: "path",
    summary: "With commits: a folder of the repository",
    default: ".",
    carriedTo: IN_REPOSITORY,
    placeholder: "FOLDER",
  },
  {
    name: "time-limit",
    type: "duration",
    summary: "With commits: time limit of one run",
    default: "10m",
    min: "1s",
  },
  {
    name: "allow-env-mismatch",
    type: "boolean",
    summary: "Show reports of different machines or runtimes side by side",
  },
] as const satisfies readonly Flag[];

/** Values of the flags. */
type Flags = FlagsOf<typeof FLAGS>;

/** The `check-regression` command: determines whether the code became slower, by runs that took turns. */
export const command = defineCommand({
  name: "check-regression",
  group: "Maintenance",
  summary: "Fail if the code became slower by more than a threshold",
  description:
    "Passes only if every benchmark is proven to take at most the threshold longer, and identical code differs from itself " +
    "by less than that; fails if one is proven to take more. An inconclusive result is not a pass: the exit code is then 3. " +
    "Benchmarks that are exact counts, such as requests, must not increase at all.\n\n" +
    `Two commits are measured first, ${RUNS} runs of each in turn, as benchmark-compare does. A report of benchmark-compare ` +
    "as --current alone is judged by its own two sides. Two reports were measured in two sessions: whatever changed on the " +
    "machine in between looks like a change of the code, so that their numbers are shown, and the exit code is 3.",
  flags: FLAGS,
  examples: [
    {
      command: "civitai-dl check-regression --baseline main --current HEAD --threshold 0.05",
      summary: "Measure both commits, and allow a slowdown of 5 %",
    },
    {
      command: "civitai-dl check-regression --current reports/benchmark-compare.json",
      summary: "Judge what benchmark-compare has measured",
    },
  ],
  exits: {
    1: "A benchmark became slower, is missing or failed",
    2: "A file is not a benchmark report, or there is no such commit",
    3: "The samples are inconclusive, scaled down, or from different sessions or machines",
    7: "A report is truncated, or of another version",
  },
  async run(context): Promise<Outcome> {
    const { document, inconclusiveReason } = await readOrMeasure(context);
    const comparison = judgeComparison(document);
    const { verdict, claims } = comparison;
    const { reservation = null, margin: threshold } = document;
    const advice = inconclusiveReason === TWO_SESSIONS ? [adviseTurns("check-regression", document)] : [];
    const notes = [...document.notes, ...advice];
    const text = renderReportText({ ...comparisonPage(document, comparison), notes });
    const shown = new ShownReport({ verdict, reservation, threshold, claims, notes }, text);
    // If the comparison was interrupted, the frame derives the exit code from the signal.
    if (context.signal.aborted) return new Outcome(shown, undefined);
    return withExit(shown, { pass: 0, fail: 1, inconclusive: 3 }[verdict]);
  },
  render: (shown: ShownReport) => shown.text(),
});

/** Read the sides of a report, join two reports, or measure two commits. */
async function readOrMeasure(context: CommandContext<Flags>): Promise<JoinedReports> {
  const { flags, signal } = context;
  const current = sideOf(context, "current");
  const baseline = flags.baseline === undefined && isReport(current) ? current : sideOf(context, "baseline");
  const files = [isReport(baseline), isReport(current)];
  if (files[0] && files[1]) {
    const isMismatchAllowed = flags.allowEnvMismatch;
    const margin = flags.threshold;
    return await compareFiles(baseline, current, { margin, isMismatchAllowed, signal });
  }
  if (files[0] || files[1]) {
    throw new KitError("usage", `Cannot compare "${baseline}" with "${current}": one is a report, the other a commit`, {
      hint: "Name two reports, which end with .json, or two commits",
    });
  }
  if (flags.downloads && flags.command !== undefined) {
    throw new KitError("usage", "Cannot measure downloads with --command: it replaces what is measured", {
      hint: "Leave one of them out",
    });
  }
  const document = await measure(context, { baseline, target: current, command: flags.command ?? null });
  return { document, inconclusiveReason: document.reservation ?? null };
}

/** Whether a name is that of a report. */
function isReport(name: string): boolean {
  return name.endsWith(".json");
}

/**
 * Return the value of a required flag. It is not declared `required`, because the `config` command parses all flags
 * with an empty command line.
 */
function sideOf({ flags }: CommandContext<Flags>, name: "baseline" | "current"): string {
  const side = flags[name];
  if (side !== undefined) return side;
  throw new KitError("usage", `Cannot check: --${name} is missing`, {
    hint: "Set --baseline and --current to two commits, or --current to a report of benchmark-compare",
  });
}

/** Measure two commits in turn. */
async function measure(
  { flags, display, signal }: CommandContext<Flags>,
  sides: Pick<BenchDocument, "command"> & { readonly baseline: string; readonly target: string },
): Promise<BenchDocument> {
  const { downloads } = flags;
  const root = requireCheckout("check-regression");
  const document = await compareCommits({
    ...sides,
    extend: downloads ? (command) => withDownloads(root, command) : undefined,
    margin: flags.threshold,
    signal,
    only: [],
    folder: flags.repo,
    runs: RUNS,
    durationMs: undefined,
    timeLimitMs: flags.timeLimit,
    startedBy: "check-regression",
    onProgress: (text) => display.log(text),
  });
  return { ...document, downloads };
}

if (import.meta.main) await runScript(command);
