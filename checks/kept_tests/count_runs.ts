import type { DeclaredTest } from "./read_tests.ts";
import type { LoadedTest } from "./test_recorder.ts";

/** A test as its source declares it, and what became of it when the file was loaded. */
export interface CountedTest extends DeclaredTest {
  /** Number of tests that it lets run: more than 1 in a loop or with a table, 0 if it is ignored or not reached. */
  readonly runs: number;
  /** Whether it was reached, and says that it does not run. */
  readonly isIgnored: boolean;
}

/**
 * Join the declarations of a source with the tests that its file declared when it was loaded. A declaration that was not
 * reached has none; a test that is declared in any other way, such as by a helper, becomes a declaration without lines.
 *
 * @param declared The declarations in the source
 * @param loaded The tests that the file declared
 */
export function countRuns(
  declared: readonly DeclaredTest[],
  loaded: readonly LoadedTest[],
): readonly CountedTest[] {
  const others = Map.groupBy(
    loaded.filter(({ line }) => !declared.some((test) => test.line === line)),
    ({ name }) => name,
  );
  return [
    ...declared.map((test) => ({ ...test, ...sum(loaded.filter(({ line }) => line === test.line)) })),
    ...[...others].map(([name, tests]) => ({
      name,
      line: tests[0]!.line,
      condition: "",
      lines: [],
      assertions: 0,
      ...sum(tests),
    })),
  ];
}

function sum(tests: readonly LoadedTest[]): Pick<CountedTest, "runs" | "isIgnored"> {
  const runs = tests.reduce((total, test) => total + test.runs, 0);
  return { runs, isIgnored: runs === 0 && tests.some(({ isIgnored }) => isIgnored) };
}
