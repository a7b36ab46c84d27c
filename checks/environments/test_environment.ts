import { KitError } from "../../lib/base/mod.ts";
import { evidenceHeader } from "../../lib/bench/mod.ts";
import { lastLines, runDeno } from "../run_deno.ts";
import { TestRuns } from "../test_runs.ts";
import { ENVIRONMENT_SCHEMA, type EnvironmentClaim, type EnvironmentReport, SYSTEMS } from "./environment_report.ts";

/** Options of {@linkcode testEnvironment}. */
export interface TestEnvironmentOptions {
  /** Test files and folders; all if empty. */
  readonly tests: readonly string[];
  readonly signal: AbortSignal;
  /** Called with each claim. */
  readonly onClaim?: ((claim: EnvironmentClaim) => void) | undefined;
}

/**
 * Try the checkout in the working directory on this system: its self-test and its tests.
 *
 * @param options Which tests
 * @returns The report, not sealed yet
 * @throws {KitError} `usage` on a system that the program is not made for
 */
export async function testEnvironment(options: TestEnvironmentOptions): Promise<EnvironmentReport> {
  const { tests, signal, onClaim = () => {} } = options;
  const system = SYSTEMS[Deno.build.os];
  if (system === undefined) {
    throw new KitError("usage", `Cannot test on ${Deno.build.os}: the program is made for Linux, macOS and Windows`);
  }
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const claims: EnvironmentClaim[] = [];
  for (const claim of [() => runSelfTest(signal), () => runTests(tests, signal)]) {
    const made = await claim();
    claims.push(made);
    onClaim(made);
  }
  const times = { startedAt, startedMs, plannedMs: 0, seed: null, folder: "." };
  return {
    ...await evidenceHeader(ENVIRONMENT_SCHEMA, times),
    settings: { tests: tests.length === 0 ? "all" : tests.join(" ") },
    system,
    claims,
  };
}

async function runSelfTest(signal: AbortSignal): Promise<EnvironmentClaim> {
  const args = ["run", "-q", "--no-prompt", "-P=selfTest", "scripts/self_test.ts", "--json"];
  const run = await runDeno(args, { signal, loadsModules: true });
  const steps = parseSteps(run.out);
  const failed = steps.filter(({ isOk }) => !isOk);
  const isPassed = run.code === 0 && failed.length === 0 && steps.length > 0;
  return {
    id: "self-test",
    events: isPassed ? 0 : Math.max(1, failed.length),
    trials: Math.max(1, steps.length),
    verdict: isPassed ? "pass" : "fail",
    note: isPassed
      ? `${steps.length} steps`
      : failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ") || lastLines(run, 3),
  };
}

interface Step {
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
}

function parseSteps(text: string): readonly Step[] {
  try {
    return (JSON.parse(text) as { readonly steps: readonly Step[] }).steps;
  } catch {
    // A program that crashes prints no JSON; its exit code and its last lines tell of it.
    return [];
  }
}

async function runTests(paths: readonly string[], signal: AbortSignal): Promise<EnvironmentClaim> {
  await using runs = new TestRuns();
  const { cases, trouble } = await runs.run(paths, ["-P", "--parallel"], signal);
  const executed = cases.filter((one) => one.isExecuted);
  const failed = executed.filter((one) => one.failure !== null);
  const problems = [
    ...failed.map(({ file, name, failure }) => `${file}: "${name}": ${failure!.split("\n")[0]}`),
    ...trouble === null ? [] : [trouble.message],
  ];
  const isPassed = problems.length === 0 && executed.length > 0;
  const ignored = cases.length - executed.length;
  const counts = `${executed.length} tests${ignored === 0 ? "" : `, ${ignored} ignored`}`;
  return {
    id: "tests",
    events: isPassed ? 0 : Math.max(1, problems.length),
    trials: Math.max(1, executed.length),
    verdict: isPassed ? "pass" : "fail",
    note: isPassed ? counts : `${counts}; ${problems.slice(0, MAX_PROBLEMS).join("; ") || "none ran"}`,
  };
}

/** The note of a report is one line; all failures are in the output of the tests. */
const MAX_PROBLEMS = 5;
