import { join } from "node:path";
import { openTestPlace } from "./open_test_place.ts";
import { parseTestCases, type TestCase } from "./parse_test_cases.ts";
import { type DenoRun, runDeno, type RunDenoOptions } from "./run_deno.ts";

/** Result of {@linkcode runDenoTest}. */
export interface DenoTestRun extends DenoRun {
  /** Every test case, including ignored ones. */
  readonly cases: readonly TestCase[];
  /** Paths of what the tests left in the temporary folder, each with the first files in it. */
  readonly left: readonly string[];
}

/**
 * Run `deno test` in a home, a temporary folder and an environment that are the same for everybody.
 *
 * @param args Arguments of `deno test`; `--junit-path=FILE` works as usual
 */
export async function runDenoTest(
  args: readonly string[],
  options: Pick<RunDenoOptions, "signal" | "onOutput">,
): Promise<DenoTestRun> {
  const place = await openTestPlace();
  try {
    const junit = args.find((arg) => arg.startsWith(JUNIT))?.slice(JUNIT.length);
    const report = junit ?? join(place.folder, "tests.xml");
    const words = ["test", ...junit === undefined ? [`${JUNIT}${report}`] : [], ...args];
    const ran = await runDeno(words, { ...options, env: place.env, loadsModules: true });
    const cases = parseTestCases(await Deno.readTextFile(report).catch(() => ""));
    return { ...ran, cases, left: await place.findLeft() };
  } finally {
    await place[Symbol.asyncDispose]();
  }
}

const JUNIT = "--junit-path=";
