import { defineCommand, type Flag, type Outcome } from "../lib/cli/mod.ts";
import type { RoundsProgress } from "../lib/soak/mod.ts";
import { concurrencyPage, type ConcurrencyRound, runConcurrency } from "../lib/stability/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import type { ShownReport } from "./_frame/report/shown_report.ts";
import { openRun, reportPath } from "./_stability/open_run.ts";
import { OUTPUT_FLAG } from "./_stability/run_flags.ts";
import { runOutcome } from "./_stability/run_outcome.ts";

const FLAGS = [
  {
    name: "models",
    type: "integer",
    summary: "Number of models, each with one small file",
    default: 6200,
    min: 40,
    max: 50_000,
  },
  { name: "seed", type: "integer", summary: "Seed of the models and the faults", default: 1, min: 0 },
  { ...OUTPUT_FLAG, summary: "The report, which ends with .json; reports/concurrency-TIME.json by default" },
] as const satisfies readonly Flag[];

/** The `concurrency-test` command: one program of work with one worker, with several, and with two processes. */
export const command = defineCommand({
  name: "concurrency-test",
  group: "Maintenance",
  permissions: "stability",
  summary: "Do the same work with 1, 2, 4, 8 workers and two processes, and count what only fails together",
  description:
    "Fetches thousands of small files from the built-in Civitai, with faults, into a new library: with one worker, with " +
    "2, 4 and 8, and with two processes that take turns on one library. Each run has the same files and the same " +
    "faults. Counted are files that fail or differ although one worker fetches them, connections over the limit, two " +
    "requests for the same bytes at the same time, and files that are fetched twice.\n\n" +
    "The claim passes if the upper bound of the rate, at 95 %, is below 0.1 %.",
  flags: FLAGS,
  examples: [
    { command: "civitai-dl concurrency-test", summary: "Evidence for the gate, some minutes" },
    { command: "civitai-dl concurrency-test --models 500 --seed 7", summary: "A preview, too short for a verdict" },
  ],
  exits: {
    1: "Something failed only because several things happened at once",
    3: "Too few downloads for a verdict",
    4: "Another run works in the same folder, its report exists, or too little disk space is free",
  },
  async run(context): Promise<Outcome> {
    const { models, seed } = context.flags;
    const path = await reportPath(context, "concurrency");
    using host = await openRun<RoundsProgress<ConcurrencyRound>>(context, {
      describe: ({ planned, done }) => `run ${Math.min(planned, done.length + 1)} of ${planned}`,
    });
    const report = await runConcurrency(host, { models, seed }, { path });
    return runOutcome(report, concurrencyPage(report), path);
  },
  render: (shown: ShownReport) => shown.text(),
});

if (import.meta.main) await runScript(command);
