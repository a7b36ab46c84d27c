import { KitError } from "../../base/mod.ts";
import { commandSide, type CommandSideOptions } from "./_command_side.ts";
import type { BenchCommand } from "./bench_command.ts";
import type { BenchReading } from "./parse_bench_output.ts";
import { runInterleaved } from "../run_interleaved.ts";

/**
 * Create the error for requested benchmarks that neither side has. Its hint lists those that exist. Since the commands
 * run only the requested benchmarks, each side runs all of its benchmarks once to find them.
 *
 * @param commands Both sides
 * @param options Limits of a run
 * @returns The error; `null` if there are no benchmarks at all, or no side has a command that runs all of them
 */
export async function noSuchBenchmark(
  commands: { readonly baseline: BenchCommand; readonly target: BenchCommand },
  options: Pick<CommandSideOptions, "timeLimitMs" | "signal">,
): Promise<KitError | null> {
  const readings = new Map<string, (readonly BenchReading[])[]>();
  const sides = (["baseline", "target"] as const).flatMap((name) => {
    const { allWords: words, ...command } = commands[name];
    if (words === undefined) return [];
    return [commandSide(name, { ...command, words }, { ...options, readings, onCrash() {} })];
  });
  if (sides.length === 0) return null;
  const runs = await runInterleaved({ sides, runs: 1, warmup: 0, signal: options.signal });
  const names = [...new Set([...readings.values()].flat(2).map(({ name }) => name))];
  const problem = runs.map((side) => side.problem).find((one) => one !== null);
  if (names.length === 0 && problem === undefined) return null;
  const hint = names.length === 0
    ? `Cannot list the benchmarks: ${problem}`
    : `Available: ${names.join(", ")}; the part before ": " is a group and cannot be selected alone`;
  return new KitError("usage", "Cannot compare: neither baseline nor candidate has a benchmark of that name", { hint });
}
