import { VERDICT_EXITS } from "../../lib/judge/mod.ts";
import { KitError } from "../../lib/base/mod.ts";
import { type BenchDocument, compareCommits, comparisonPage, judgeComparison } from "../../lib/bench/mod.ts";
import { type CommandContext, type Flag, type FlagsOf, Outcome, withExit } from "../../lib/cli/mod.ts";
import { renderReportText, type Report } from "../../lib/report/mod.ts";
import { IN_REPOSITORY } from "../_frame/command_index.ts";
import { requireCheckout } from "../_frame/program_form.ts";
import { ShownReport } from "../_frame/report/shown_report.ts";
import { findFixedBaseline } from "./fixed_baseline.ts";
import { isPhaseTag } from "./phase_tags.ts";
import { withDownloads } from "./with_downloads.ts";

/** Flags of the commands that measure two commits in turn. */
export const COMMIT_FLAGS = [
  { name: "threshold", type: "number", summary: "Allowed slowdown, as a fraction", default: 0.05, min: 0, max: 1 },
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
] as const satisfies readonly Flag[];

/** What a command measures besides what its flags say. */
export interface MeasureCommitsOptions {
  /** The name of the command. */
  readonly command: string;
  /** A ref, `merge-base` or `phase-tag`. */
  readonly baseline: string;
  /** The ref that is judged. */
  readonly target: string;
  /** Number of runs of each side; the minimum number with `durationMs`. */
  readonly runs: number;
  /** Time budget; exactly `runs` if `undefined`. */
  readonly durationMs?: number | undefined;
  /** Substrings of the names of the benchmarks to measure; all if empty. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Measure two commits in turn.
 *
 * @param context Flags, display and signal of the command
 * @param options The commits, and how often
 * @returns The report, which says whether the gate accepts its baseline
 */
export async function measureCommits(
  { flags, display, signal }: CommandContext<FlagsOf<typeof COMMIT_FLAGS>>,
  options: MeasureCommitsOptions,
): Promise<BenchDocument> {
  const { command, baseline, target, runs, durationMs, only = [] } = options;
  if (flags.downloads && flags.command !== undefined) {
    throw new KitError("usage", "Cannot measure downloads with --command: it replaces what is measured", {
      hint: "Leave one of them out",
    });
  }
  const root = requireCheckout(command);
  const fixed = await findFixedBaseline({ folder: flags.repo, baseline, target });
  if (fixed.kind === "other" && isPhaseTag(baseline)) {
    const before = fixed.phaseBefore === null ? "" : `; that is ${fixed.phaseBefore}`;
    display.log(`No evidence for the gate: "${baseline}" is not the tag of the phase before "${target}"${before}`);
  }
  const document = await compareCommits({
    baseline: fixed.ref,
    target,
    margin: flags.threshold,
    signal,
    folder: flags.repo,
    only,
    runs,
    durationMs,
    timeLimitMs: flags.timeLimit,
    command: flags.command ?? null,
    startedBy: command,
    extend: flags.downloads ? (side) => withDownloads(root, side, only) : undefined,
    onProgress: (text) => display.log(text),
  });
  return { ...document, baselineKind: fixed.kind, downloads: flags.downloads };
}

/** The verdict on a comparison: its report, its page, and what the command returns. */
export interface JudgedCommits {
  /** The report with its claims. */
  readonly report: BenchDocument;
  /** The same for people. */
  readonly page: Report;
  /** The result and the exit code. */
  readonly outcome: Outcome;
}

/**
 * Judge what {@linkcode measureCommits} measured. If it was interrupted, the frame derives the exit code from the signal.
 */
export function judgeCommits(document: BenchDocument, signal: AbortSignal): JudgedCommits {
  const comparison = judgeComparison(document);
  const report = { ...document, comparison };
  const page = comparisonPage(document, comparison);
  const shown = new ShownReport(report, renderReportText(page));
  const exit = VERDICT_EXITS[comparison.verdict];
  return { report, page, outcome: signal.aborted ? new Outcome(shown, undefined) : withExit(shown, exit) };
}
