import type { CheckResult, GateCheckOptions, GateProblem } from "../lib/gate/mod.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastLines, runDeno } from "./run_deno.ts";

/** The fields of a benchmark of `deno bench --json` that are read. */
interface Bench {
  readonly origin: string;
  readonly name: string;
  readonly results: readonly { readonly failed?: unknown }[];
}

/** Count the benchmarks that fail. */
export async function checkBench(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["paths", "flags"]);
  const args = ["bench", "-q", "--json", "--no-check", ...read.flags(), ...read.strings("paths")];
  const run = await runDeno(args, { signal, loadsModules: true });
  const benches = parse(run.out);
  const problems: GateProblem[] = benches.filter((bench) => bench.results.some((one) => one.failed !== undefined))
    .map((bench) => ({ message: `"${bench.name}" failed: ${reasonOf(bench)}`, file: pathFromRoot(bench.origin) }));
  if (run.code !== 0 && problems.length === 0) problems.push({ message: lastLines(run) });
  const value = problems.length;
  const count = Math.max(benches.length, value);
  return { value, count, unit: "benchmarks run", measured: `${value} of ${count} failed`, problems };
}

function reasonOf(bench: Bench): string {
  const failed = bench.results.map((one) => one.failed).find((one) => one !== undefined);
  const message = typeof failed === "object" && failed !== null && "message" in failed ? failed.message : failed;
  return String(message);
}

function parse(text: string): readonly Bench[] {
  try {
    const { benches } = JSON.parse(text) as { readonly benches?: readonly Bench[] };
    return benches ?? [];
  } catch {
    // If a module throws, no report is printed.
    return [];
  }
}
