import { basename } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { type MeasuredProcess, measureProcess, type MeasureProcessOptions } from "../../lib/bench/mod.ts";

/** Options of {@linkcode runProgram}. */
export interface RunWordsOptions extends MeasureProcessOptions {
  /**
   * Exit codes that count as success.
   *
   * @default {[0]}
   */
  readonly codes?: readonly number[] | undefined;
}

/** Run and measure a program. Throws `failed` if its exit code is not a success. */
export async function runProgram(command: readonly string[], options: RunWordsOptions = {}): Promise<MeasuredProcess> {
  const { codes = [0], ...rest } = options;
  const run = await measureProcess(command, rest);
  if (codes.includes(run.code)) return run;
  const lines = (run.stderr.trim() || run.stdout.trim()).split("\n");
  const reason = lines.find((line) => line.startsWith("error:")) ?? lines.slice(-2).join(" ");
  throw new KitError(
    "failed",
    `Cannot run "${basename(command[0]!)}": exit code ${run.code}: ${reason.slice(0, 200) || "no output"}`,
  );
}
