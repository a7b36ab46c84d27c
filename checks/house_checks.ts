import type { CheckResult, GateCheck, GateCondition } from "../lib/gate/mod.ts";
import { checkCoverage, checkUntested } from "./check_coverage.ts";
import { checkDocuments } from "./documents/check_documents.ts";
import { checkFormat } from "./check_format.ts";
import { checkLint } from "./check_lint.ts";
import { checkMemory } from "./check_memory.ts";
import { checkTests } from "./check_tests.ts";
import { checkTouched } from "./touched/check_touched.ts";
import { checkTypes } from "./check_types.ts";
import type { HouseOptions } from "./house_options.ts";
import { checkWorkflows } from "./workflows/check_workflows.ts";

/** What a phases file gives a check by `with:`. */
type CheckParameters = Readonly<Record<string, unknown>>;

/** A check of the project in the working directory; it writes nothing there. */
type HouseCheck = (parameters: CheckParameters, options: HouseOptions) => Promise<CheckResult>;

/** All checks, by the name that `check:` has in a phases file. */
const CHECKS = {
  format: checkFormat,
  lint: checkLint,
  types: checkTypes,
  tests: checkTests,
  "touched-tests": checkTouched,
  memory: checkMemory,
  coverage: checkCoverage,
  untested: checkUntested,
  documents: checkDocuments,
  workflows: checkWorkflows,
} as const satisfies Readonly<Record<string, HouseCheck>>;

/** The checks that run all tests, if their parameters say so. */
const WHOLE_RUNS: Readonly<Partial<Record<keyof typeof CHECKS, (parameters: CheckParameters) => boolean>>> = {
  tests: ({ paths }) => paths === undefined,
  coverage: () => true,
  untested: () => true,
};

/** Values that `check:` may have in a phases file. */
export const CHECK_NAMES: readonly string[] = Object.keys(CHECKS);

/** Determine whether a condition runs all tests, so that others can take the results of theirs from that run. */
export function runsAllTests({ source }: Pick<GateCondition, "source">): boolean {
  if (source.type !== "check") return false;
  const asks = Object.entries(WHOLE_RUNS).find(([name]) => name === source.name)?.[1];
  return asks?.(source.parameters) ?? false;
}

/** Create the checks of the project in the working directory. */
export function houseChecks(shared: Pick<HouseOptions, "runs" | "target">): Readonly<Record<string, GateCheck>> {
  return Object.fromEntries(
    Object.entries(CHECKS).map(([name, check]): [string, GateCheck] => [
      name,
      (parameters, options) => check(parameters, { ...options, ...shared }),
    ]),
  );
}
