import type { CheckResult, GateCheckOptions } from "../../lib/gate/mod.ts";
import { assertNoParameters } from "../parameter_reader.ts";
import { pathFromRoot } from "../path_from_root.ts";
import { lintWorkflows, listWorkflows } from "./lint_workflows.ts";

/** Count the faults of the workflow files. */
export async function checkWorkflows(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  assertNoParameters(parameters);
  const files = await listWorkflows(".");
  const findings = await lintWorkflows(files, signal);
  const value = findings.length;
  const count = files.length;
  const problems = findings.map((finding) => ({ ...finding, file: pathFromRoot(finding.file) }));
  return { value, count, unit: "workflows", measured: `${value} in ${count} workflows`, problems };
}
