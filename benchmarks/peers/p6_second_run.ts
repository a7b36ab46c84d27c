import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { ReportedCriterion } from "../../lib/report/mod.ts";
import { countCriterion, valuesCriterion } from "./_criteria.ts";
import { ROOT } from "./_program_words.ts";
import { runProgram } from "./_run_program.ts";
import type { PeerTarget } from "./target.ts";

/** The output of the acceptance test, with the fields that are judged here. */
interface SecondRunFigures {
  readonly files: number;
  readonly right: number;
  readonly downloadHits: number;
  readonly storageBytes: number;
  readonly beyondApiSeconds: number;
  readonly apiSeconds: number;
  readonly openedFiles: readonly string[] | null;
  readonly secondPeakRssBytes: number;
  readonly stderr: string;
}

/** Cost of a second run over a complete library. */
export const p6: PeerTarget = {
  id: "P6",
  title: "Second run over a complete library",
  async measure(bench) {
    const models = Math.max(1, Math.round(2800 * bench.scale));
    const args = ["run", "-q", "-P=acceptance", "tests/acceptance/second_run.ts", "--models", `${models}`];
    // The test exits with 1 if one of its own limits is not met, such as the number of files in a smaller library.
    const run = await runProgram([Deno.execPath(), ...args], { cwd: join(ROOT), codes: [0, 1], signal: bench.signal });
    const figures = parseFigures(run.stdout, run.stderr);
    const opened = figures.openedFiles;
    return {
      workload: `A library of ${figures.files} model files of the built-in sandbox; the same command again. The time ` +
        `beyond the API is that of the whole run less ${
          figures.apiSeconds.toFixed(2)
        } s, which the same requests take alone.`,
      criteria: [
        valuesCriterion([figures.beyondApiSeconds], {
          what: "seconds beyond the API's answers",
          unit: "seconds",
          limit: 2,
        }),
        none("requests to the download route", figures.downloadHits),
        none("bytes that the storage sent", figures.storageBytes),
        none("model files that were opened", opened === null ? null : opened.length),
      ],
      charts: [],
      runs: [],
      notes: [
        ...opened === null ? ["strace is not installed or may not trace here (Debian: apt-get install strace)"] : [],
        `${figures.right} of ${figures.files} files were right after the first run.`,
        "One run; the seconds have no interval.",
      ],
    };
  },
};

function none(what: string, count: number | null): ReportedCriterion {
  return countCriterion(count, { what, unit: "count", limit: 0 });
}

function parseFigures(stdout: string, stderr: string): SecondRunFigures {
  try {
    return JSON.parse(stdout);
  } catch (error) {
    throw new KitError("inconclusive", `Cannot measure a second run: ${stderr.trim().slice(-300)}`, { cause: error });
  }
}
