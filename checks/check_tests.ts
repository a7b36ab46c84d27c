import type { CheckResult } from "../lib/gate/mod.ts";
import type { HouseOptions } from "./house_options.ts";
import { ParameterReader } from "./parameter_reader.ts";

/**
 * Count the failed tests and the executed tests. The executed tests are counted because Deno also succeeds if there are
 * none.
 */
export async function checkTests(
  parameters: Readonly<Record<string, unknown>>,
  { runs, signal }: Pick<HouseOptions, "runs" | "signal">,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["paths", "flags"]);
  const { cases, trouble } = await runs.run(read.strings("paths"), read.flags(), signal);
  const executed = cases.filter((one) => one.isExecuted);
  const failed = executed.filter((one) => one.failure !== null);
  const problems = failed.map(({ name, failure, file, line, column }) => ({
    message: `"${name}": ${failure}`,
    file,
    line: line || undefined,
    column: column || undefined,
  }));
  const ignored = cases.length - executed.length;
  return {
    value: failed.length + (trouble === null ? 0 : 1),
    count: executed.length,
    unit: "tests executed",
    measured: `${failed.length} of ${executed.length} failed${ignored === 0 ? "" : `, ${ignored} ignored`}`,
    problems: trouble === null ? problems : [...problems, trouble],
  };
}
