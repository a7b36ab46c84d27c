import type { BenchSide } from "../../lib/bench/mod.ts";
import { join } from "node:path";
import { chartOf, medianClaim } from "./_claims.ts";
import { LIMITS, P8_SIDE } from "./_goals.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords, ROOT } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import { takeTurns } from "./_turns.ts";
import type { PeerTarget } from "./target.ts";

/** A run takes a tenth of a second, so more of them are affordable. */
const RUNS_FACTOR = 4;

/** Time to start the program. */
export const help: PeerTarget = {
  id: "P8",
  title: "Start of the program: --help",
  async measure(bench) {
    const folder = await ownFolder(bench, "p8");
    const command = programWords("cli.ts");
    const empty = `${folder}/empty.ts`;
    await Deno.writeTextFile(empty, "");
    const options = { cwd: folder, env: programEnv(folder), signal: bench.signal };
    const task = [Deno.execPath(), "task", "-q", "--config", join(ROOT, "deno.json"), "download", "--help"];
    const sides: readonly BenchSide[] = [
      { name: P8_SIDE.task, run: () => runProgram(task, options) },
      { name: P8_SIDE.help, run: () => runProgram([...command, "--help"], options) },
      { name: "Deno with an empty script", run: () => runProgram([Deno.execPath(), "run", "-q", empty], options) },
    ];
    const limits = Object.entries(LIMITS.P8);
    const runs = await takeTurns(bench, { id: "P8", sides, runs: bench.runs * RUNS_FACTOR });
    return {
      runs,
      workload:
        "The program from source with a warm cache, until its help has been printed: by its task, and by cli.ts.",
      claims: limits.map(([of, limit]) => medianClaim(runs, { of, metric: "seconds", unit: "s", limit })),
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          limits: limits.map(([of, value]) => ({ label: `limit of ${of}`, value })),
        }),
      ],
      notes: [`There are ${RUNS_FACTOR} times as many runs as in the other targets, since they are short.`],
    };
  },
};
