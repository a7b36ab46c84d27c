import { join } from "node:path";
import type { GateProblem } from "../lib/gate/mod.ts";
import { parseTestCases, type TestCase } from "./parse_test_cases.ts";
import { lastWords, runDeno } from "./run_deno.ts";

/** What one run of tests came to. */
export interface TestRun {
  /** Every case, ignored ones too. */
  readonly cases: readonly TestCase[];
  /** What went wrong beside of failed cases, such as a module that cannot be loaded; `null` if nothing did. */
  readonly trouble: GateProblem | null;
  /** Where the coverage is. */
  readonly coverage: string;
}

/**
 * Runs the tests when somebody needs them, and each set only once: the count, the failures and the coverage are of one
 * run.
 */
export class TestRuns implements AsyncDisposable {
  readonly #runs = new Map<string, Promise<TestRun>>();
  readonly #folder: Promise<string> = Deno.makeTempDir({ prefix: "gate-" });

  /** Whether all tests are going to run anyway, so that a part is taken from them. */
  isWhole = false;

  /**
   * Run tests.
   *
   * @param paths Files and folders; all tests, if empty
   * @param flags For `deno test`
   * @param signal Stops them
   */
  async run(paths: readonly string[], flags: readonly string[], signal: AbortSignal): Promise<TestRun> {
    const wanted = this.isWhole ? [] : paths;
    const key = JSON.stringify(wanted);
    const known = this.#runs.get(key);
    const run = known ?? this.#start(wanted, flags, signal, this.#runs.size);
    if (known === undefined) this.#runs.set(key, run);
    // One that was cut short by its asker's time limit is no answer for the next.
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
    const junit = join(folder, `tests-${index}.xml`);
    const coverage = join(folder, `coverage-${index}`);
    // Types are a check of their own: one error must not hide all tests.
    const args = [
      "test",
      "-q",
      "--no-check",
      `--junit-path=${junit}`,
      `--coverage=${coverage}`,
      "--coverage-raw-data-only",
    ];
    const ran = await runDeno([...args, ...flags, ...paths], { signal, loadsModules: true });
    const cases = parseTestCases(await Deno.readTextFile(junit).catch(() => ""));
    const hasFailed = cases.some((one) => one.failure !== null);
    const isEmpty = /No test modules found/.test(ran.err);
    const trouble = ran.code === 0 || hasFailed || isEmpty ? null : { message: lastWords(ran) };
    return { cases, trouble, coverage };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(await this.#folder, { recursive: true });
  }
}

function isIn(file: string, path: string): boolean {
  const clean = path.replace(/^\.\//, "").replace(/\/$/, "");
  return file === clean || file.startsWith(`${clean}/`);
}
