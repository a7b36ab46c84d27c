import { defineCommand, type Flag, type Outcome } from "../lib/cli/mod.ts";
import { COMMIT_FLAGS, judgeCommits, measureCommits } from "./_bench/measure_commits.ts";
import type { ShownReport } from "./_frame/report/shown_report.ts";
import { runScript } from "./_frame/run_script.ts";

/** Number of runs of each side. */
const RUNS = 20;

const FLAGS = [
  {
    name: "baseline",
    setting: "none",
    type: "string",
    summary: "Branch, tag or commit to compare with",
    placeholder: "REF",
    default: "main",
  },
  {
    name: "current",
    setting: "none",
    type: "string",
    summary: "Branch, tag or commit that is judged",
    placeholder: "REF",
    default: "HEAD",
  },
  ...COMMIT_FLAGS,
] as const satisfies readonly Flag[];

/** The `check-regression` command: determines whether the code became slower, by runs that took turns. */
export const command = defineCommand({
  name: "check-regression",
  group: "Maintenance",
  permissions: "benchmark",
  summary: "Fail if the code became slower by more than a threshold",
  description:
    "Passes only if every benchmark is proven to take at most the threshold longer, and identical code differs from itself " +
    "by less than that; fails if one is proven to take more. An inconclusive result is not a pass: the exit code is then 3. " +
    "Benchmarks that are exact counts, such as requests, must not increase at all.\n\n" +
    `It is benchmark-compare with ${RUNS} runs of each commit, and writes no report.`,
  flags: FLAGS,
  examples: [
    {
      command: "civitai-dl check-regression --baseline main --current HEAD --threshold 0.05",
      summary: "Measure both commits, and allow a slowdown of 5 %",
    },
  ],
  exits: {
    1: "A benchmark became slower, is missing or failed",
    2: "No such commit, or no benchmarks",
    3: "The runs are inconclusive",
  },
  async run(context): Promise<Outcome> {
    const { baseline, current: target } = context.flags;
    const document = await measureCommits(context, { command: "check-regression", baseline, target, runs: RUNS });
    return judgeCommits(document, context.signal).outcome;
  },
  render: (shown: ShownReport) => shown.text(),
});

if (import.meta.main) await runScript(command);
