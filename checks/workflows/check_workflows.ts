import type { CheckResult, GateCheckOptions } from "../../lib/gate/mod.ts";
import { assertNoParameters } from "../parameter_reader.ts";
import { pathFromRoot } from "../path_from_root.ts";
import { lintWorkflows, listWorkflows } from "./lint_workflows.ts";
import { readAuditFacts } from "./read_audit_facts.ts";

/** Count the faults of the workflow files. */
export async function checkWorkflows(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  assertNoParameters(parameters);
  const paths = await listWorkflows(".");
  const { files, findings } = await lintWorkflows(paths, await readAuditFacts("."), signal);
  const value = findings.length;
  const count = files.length;
  const problems = findings.map(({ file, line, rule, message, hint }) => ({
    message: hint === "" ? message : `${message}. ${hint}`,
    file: pathFromRoot(file),
    line,
    rule,
  }));
  return { value, count, unit: "workflows", measured: `${value} in ${count} workflows`, problems };
}
