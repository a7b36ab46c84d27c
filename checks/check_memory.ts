import { formatCount } from "../lib/base/mod.ts";
import type { CheckResult, GateCheckOptions } from "../lib/gate/mod.ts";
import { assertNoParameters } from "./parameter_reader.ts";
import { lastLines, runDeno } from "./run_deno.ts";

/** What is read of the report of `memory-test`. */
interface MemoryReport {
  readonly verdict: "pass" | "fail" | "inconclusive";
  readonly repetitions: number;
  readonly grown: readonly { readonly name: string }[];
}

/** Let `memory-test` repeat its work, and count what it finds to leak: 0 or 1. It decides about fifty repetitions. */
export async function checkMemory(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  assertNoParameters(parameters);
  const ran = await runDeno(["task", "-q", "memory-test", "--json"], { signal });
  const report = parse(ran.out);
  if (report === null) {
    const problems = [{ message: lastLines(ran) }];
    return { value: 1, count: 1, unit: "repetitions", measured: "the work failed", problems };
  }
  const { verdict, repetitions, grown } = report;
  const names = grown.slice(0, 3).map(({ name }) => name).join(", ");
  return {
    value: verdict === "fail" ? 1 : 0,
    count: repetitions,
    unit: "repetitions",
    measured: `${verdict === "fail" ? "memory leaks" : "no leak"} in ${formatCount(repetitions, "repetition")}`,
    problems: verdict === "fail" ? [{ message: `memory grows steadily; more and more of ${names}` }] : [],
    ...verdict === "inconclusive" ? { doubt: "memory grew, and may have been warming up" } : {},
  };
}

function parse(text: string): MemoryReport | null {
  try {
    return JSON.parse(text) as MemoryReport;
  } catch {
    // The command failed before it had a report.
    return null;
  }
}
