/** Test files that share one isolate. */
export interface TestGroup {
  /** Its folder of tests/, and a number if the folder has several groups. */
  readonly name: string;
  /** Paths of its files. */
  readonly files: readonly string[];
}

/** Folders whose tests start processes or wait. They begin first, so that none of them runs alone at the end. */
const LONG = [
  ...["scripts", "integration", "docs", "soak", "acceptance", "checks", "monitor", "git"],
  ...["bench", "installation", "release", "rollout", "benchmarks", "packaging", "journal"],
];

/** Enough that loading costs little, and few enough that no group is the last one for minutes. */
const MOST_FILES = 12;
/** The same for all other folders, which take seconds. */
const MOST_SHORT_FILES = 24;

/**
 * Put test files into groups that run in one isolate each. Deno loads every file of a run in an isolate of its own, with
 * all the modules that it imports, which takes a third of a second of processor time for each file: in this repository
 * an eighth of the time of all tests.
 *
 * Neighbors in the alphabet, which often test the same slow thing, are put into different groups.
 *
 * @param files Paths below the folder of the tests, such as `tests/base/clock_test.ts`
 * @returns The groups, in the order in which they should begin
 */
export function groupTests(files: readonly string[]): readonly TestGroup[] {
  const folders = Map.groupBy(files.toSorted(), folderOf);
  const names = [...folders.keys()].toSorted((a, b) =>
    rankOf(a) - rankOf(b) || folders.get(b)!.length - folders.get(a)!.length || (a < b ? -1 : 1)
  );
  return names.flatMap((name) => {
    const own = folders.get(name)!;
    const count = Math.ceil(own.length / (LONG.includes(name) ? MOST_FILES : MOST_SHORT_FILES));
    return Array.from({ length: count }, (_, group) => ({
      name: count === 1 ? name : `${name}_${group + 1}`,
      files: own.filter((_, index) => index % count === group),
    }));
  });
}

/** Return the folder of tests/ that a file is in; `tests` for a file that is in none. */
function folderOf(file: string): string {
  const [, folder, name] = file.split("/");
  return name === undefined ? "tests" : folder!;
}

function rankOf(folder: string): number {
  const index = LONG.indexOf(folder);
  return index === -1 ? LONG.length : index;
}
