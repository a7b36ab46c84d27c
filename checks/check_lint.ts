import type { CheckResult, GateCheckOptions, GateProblem } from "../lib/gate/mod.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastLines, runDeno } from "./run_deno.ts";

/**
 * Count the problems that the linter reports. Its JSON output does not contain the number of files, so the
 * human-readable output is parsed.
 */
export async function checkLint(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const paths = new ParameterReader(parameters, ["paths"]).strings("paths");
  const run = await runDeno(["lint", "--compact", ...paths], { signal });
  const problems = [...findDiagnostics(run.err), ...findUnreadable(run.err)];
  const count = Number(/^Checked (\d+) files?$/m.exec(run.err)?.[1] ?? 0);
  // Without any files the linter fails, but in this case the count of 0 is enough.
  if (run.code !== 0 && problems.length === 0 && count > 0) problems.push({ message: lastLines(run) });
  const value = problems.length;
  return { value, count, unit: "files", measured: `${value} in ${count} files`, problems };
}

function findDiagnostics(text: string): readonly GateProblem[] {
  return [...text.matchAll(/^(file:\S+): line (\d+), col (\d+) - (.*) \(([^()]+)\)$/gm)].map(
    ([, file, line, column, message, rule]) => ({
      message: message!,
      rule: rule!,
      file: pathFromRoot(file!),
      line: Number(line),
      column: Number(column),
    }),
  );
}

function findUnreadable(text: string): readonly GateProblem[] {
  return [...text.matchAll(/^Error linting: (.+)\n\s*(.+)$/gm)].map(([, file, message]) => ({
    message: message!.trim(),
    file: pathFromRoot(file!),
  }));
}
