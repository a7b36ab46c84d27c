import type { GateCheck } from "../lib/gate/mod.ts";
import { checkBench } from "./check_bench.ts";
import { checkCoverage, checkUntested } from "./check_coverage.ts";
import { checkDocuments } from "./documents/check_documents.ts";
import { checkFormat } from "./check_format.ts";
import { checkLint } from "./check_lint.ts";
import { checkTests } from "./check_tests.ts";
import { checkTypes } from "./check_types.ts";
import type { TestRuns } from "./test_runs.ts";
import { checkWorkflows } from "./workflows/check_workflows.ts";

/** Values that `check:` may have in a phases file. */
export const CHECK_NAMES: readonly string[] = [
  "format",
  "lint",
  "types",
  "tests",
  "coverage",
  "untested",
  "bench",
  "documents",
  "workflows",
];

/** Create the checks of the project in the working directory. None of them writes to it. */
export function houseChecks(runs: TestRuns): Readonly<Record<string, GateCheck>> {
  return {
    format: checkFormat,
    lint: checkLint,
    types: checkTypes,
    tests: (parameters, options) => checkTests(runs, parameters, options),
    untested: (parameters, options) => checkUntested(runs, parameters, options),
    coverage: (parameters, options) => checkCoverage(runs, parameters, options),
    bench: checkBench,
    documents: checkDocuments,
    workflows: checkWorkflows,
  };
}
