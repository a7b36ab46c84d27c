import type { CheckResult, GateCheckOptions } from "../lib/gate/mod.ts";
import { listOwnEntries } from "./list_own_entries.ts";
import { assertNoParameters } from "./parameter_reader.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastLines, runDeno } from "./run_deno.ts";

/** Count the files of the project that are not formatted, without changing them. */
export async function checkFormat(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  assertNoParameters(parameters);
  const run = await runDeno(["fmt", "--check", ...await listOwnEntries(signal)], { signal });
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
