import type { CheckResult, GateCheckOptions } from "../lib/gate/mod.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastLines, runDeno } from "./run_deno.ts";

/** Count the files that are not formatted, without changing them. */
export async function checkFormat(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const paths = new ParameterReader(parameters, ["paths"]).strings("paths");
  const run = await runDeno(["fmt", "--check", ...paths], { signal });
  const files = [...run.err.matchAll(/^from (.+):$/gm)].map(([, path]) => pathFromRoot(path!));
  const problems = files.map((file) => ({ message: "not formatted", file, line: 1 }));
  const count = Number(/(?:Checked|in) (\d+) files?$/m.exec(run.err)?.[1] ?? 0);
  if (run.code === 0) return { value: 0, count, unit: "files", measured: `0 of ${count} files`, problems: [] };
  // The list does not contain files that cannot be parsed.
  const reported = problems.length > 0 ? problems : [{ message: lastLines(run) }];
  return {
    value: reported.length,
    count: Math.max(count, reported.length),
    unit: "files",
    measured: `${reported.length} of ${count} files`,
    problems: reported,
  };
}
