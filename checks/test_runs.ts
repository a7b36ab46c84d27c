import { join } from "node:path";
import type { GateProblem } from "../lib/gate/mod.ts";
import type { TestCase } from "./parse_test_cases.ts";
import { lastLines } from "./run_deno.ts";
import { type DenoTestRun, runDenoTest } from "./run_deno_test.ts";

/** Result of one run of tests. */
export interface TestRun {
  /** Every test case, including ignored ones. */
  readonly cases: readonly TestCase[];
  /** A problem other than failed cases, such as a module that cannot be loaded; `null` if there is none. */
  readonly trouble: GateProblem | null;
  /** Folder of the raw coverage data. */
  readonly coverage: string;
}

/**
 * Runs the tests on demand, and each set of paths only once, so that count, failures and coverage are from the same
 * run.
 */
export class TestRuns implements AsyncDisposable {
  readonly #runs = new Map<string, Promise<TestRun>>();
  readonly #folder: Promise<string> = Deno.makeTempDir({ prefix: "gate-" });

  /** Whether all tests will run anyway. If so, the results of a subset are taken from that run. */
  isWhole = false;

  /** File for the coverage of the tests in the format of lcov; none if absent. */
  lcov: string | undefined;

  /**
   * Run tests, or reuse an earlier run of the same paths.
   *
   * @param paths Files and folders; all tests if empty
   * @param flags Flags of `deno test`; for a reused run they are ignored
   * @returns The run, with only the test cases in `paths`
   */
  async run(paths: readonly string[], flags: readonly string[], signal: AbortSignal): Promise<TestRun> {
    const wanted = this.isWhole ? [] : paths;
    const key = JSON.stringify(wanted);
    const known = this.#runs.get(key);
    const run = known ?? this.#start(wanted, flags, signal, this.#runs.size);
    if (known === undefined) this.#runs.set(key, run);
    // A run that was stopped by the time limit of one caller must not be reused for the next.
    run.catch(() => this.#runs.delete(key));
    const { cases, ...rest } = await run;
    return { cases: cases.filter((one) => paths.length === 0 || paths.some((path) => isIn(one.file, path))), ...rest };
  }

  async #start(
    paths: readonly string[],
    flags: readonly string[],
    signal: AbortSignal,
    index: number,
  ): Promise<TestRun> {
    const folder = await this.#folder;
    const coverage = join(folder, `coverage-${index}`);
    // Types are checked separately: a type error must not hide the test results.
    const args = ["-q", "--no-check", `--coverage=${coverage}`, "--coverage-raw-data-only"];
    const ran = await runDenoTest([...args, ...flags, ...paths], { signal });
    return { cases: ran.cases, trouble: troubleOf(ran), coverage };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(await this.#folder, { recursive: true });
  }
}

function troubleOf(ran: DenoTestRun): GateProblem | null {
  if (ran.left.length > 0) return { message: `The tests left in the temporary folder: ${ran.left.join("; ")}` };
  const hasFailed = ran.cases.some((one) => one.failure !== null);
  const isEmpty = /No test modules found/.test(ran.err);
  return ran.code === 0 || hasFailed || isEmpty ? null : { message: lastLines(ran) };
}

function isIn(file: string, path: string): boolean {
  const clean = path.replace(/^\.\//, "").replace(/\/$/, "");
  return file === clean || file.startsWith(`${clean}/`);
}
