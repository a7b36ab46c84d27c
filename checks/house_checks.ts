import type { GateCheck } from "../lib/gate/mod.ts";
import { checkCoverage, checkUntested } from "./check_coverage.ts";
import { checkDocuments } from "./documents/check_documents.ts";
import { checkFormat } from "./check_format.ts";
import { checkLint } from "./check_lint.ts";
import { checkMemory } from "./check_memory.ts";
import { checkTests } from "./check_tests.ts";
import { checkTouched } from "./touched/check_touched.ts";
import { checkTypes } from "./check_types.ts";
import type { TestRuns } from "./test_runs.ts";
import { checkWorkflows } from "./workflows/check_workflows.ts";

/** Values that `check:` may have in a phases file. */
export const CHECK_NAMES: readonly string[] = [
  "format",
  "lint",
  "types",
  "tests",
  "touched-tests",
  "memory",
  "coverage",
  "untested",
  "documents",
  "workflows",
];

/**
 * Create the checks of the project in the working directory. None of them writes to it.
 *
 * @param target The branch that the project is merged into
 */
export function houseChecks(runs: TestRuns, target: string): Readonly<Record<string, GateCheck>> {
  return {
    format: checkFormat,
    lint: checkLint,
    types: checkTypes,
    tests: (parameters, options) => checkTests(runs, parameters, options),
    "touched-tests": (parameters, options) => checkTouched(parameters, { ...options, runs, target }),
    memory: checkMemory,
    untested: (parameters, options) => checkUntested(runs, parameters, options),
    coverage: (parameters, options) => checkCoverage(runs, parameters, options),
    documents: (parameters, options) => checkDocuments(parameters, { ...options, target }),
    workflows: checkWorkflows,
  };
}
