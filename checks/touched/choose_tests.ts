import { posix } from "node:path";

/** Tests that belong together: those of a room, a script or a file. */
export interface TouchedTests {
  /** The room's name, or the path of the script or file. */
  readonly name: string;
  /** Paths of its test files. */
  readonly files: readonly string[];
}

/** The tests of a change. */
export interface ChosenTests {
  /** Those of what was touched, all of them. */
  readonly own: readonly TouchedTests[];
  /** Those of rooms that import a touched one. */
  readonly importers: readonly TouchedTests[];
  /** Names of such rooms whose tests would be too many. */
  readonly leftOut: readonly string[];
  /** Paths of touched sources without tests of their own. */
  readonly untested: readonly string[];
}

/** What {@linkcode chooseTests} chooses by. */
export interface ChooseTestsOptions {
  /** Paths that differ, from the root of the project. */
  readonly touched: readonly string[];
  /** Every module in `lib/`, `scripts/` and `tests/`: path and text. */
  readonly files: ReadonlyMap<string, string>;
  /** Most test files, of which those of importers take what the others leave. A file takes about a second. */
  readonly most: number;
}

/** Folders whose tests are in the folder of the same name. */
const TESTED_FOLDERS = ["checks", "std", "benchmarks", "packaging"];
/** The lint rules and the links of pages are conditions of their own. */
const PAGE = /\.md$|^docs\/|^changes\//;

/**
 * Choose the tests of what was touched, then of the rooms that import it: the nearest first, and of these the ones that
 * most others build on.
 */
export function chooseTests({ touched, files, most }: ChooseTestsOptions): ChosenTests {
  const tests = [...files.keys()].filter((path) => path.endsWith("_test.ts"));
  const testsIn = (folder: string) => tests.filter((path) => path.startsWith(`tests/${folder}/`));
  const groups = new Map<string, readonly string[]>();
  const untested: string[] = [];
  const add = (name: string, found: readonly string[], path: string) => {
    if (found.length === 0) untested.push(path);
    else groups.set(name, found);
  };
  const rooms = new Set(roomsOf(files));
  const touchedRooms = new Set<string>();
  for (const path of touched.toSorted()) {
    const [top, second] = path.split("/");
    if (path === "deno.lock") { for (const room of rooms) add(room, testsIn(room), `lib/${room}`); }
    else if (PAGE.test(path) || path === "deno.json") continue;
    else if (files.has(path) && tests.includes(path)) add(path, [path], path);
    else if (top === "tests" && second !== undefined) add(second, testsIn(second), path);
    else if (top === "lib" && rooms.has(second!)) {
      touchedRooms.add(second!);
      add(second!, testsIn(second!), path);
    } else if (TESTED_FOLDERS.includes(top!)) add(top!, testsIn(top!), path);
    else if (top === "scripts") add(path, testsOfScript(path, tests, files), path);
    else add(path, tests.filter((test) => files.get(test)!.includes(path)), path);
  }
  const own = withoutTwins([...groups].map(([name, files]) => ({ name, files })));
  const usersOf = (room: string) => listImporters([room], files).flat().length;
  const importers = listImporters([...touchedRooms], files).flatMap((step) =>
    step.map((name) => ({ name, files: testsIn(name), users: usersOf(name) })).filter(({ files }) => files.length > 0)
      .toSorted((a, b) => b.users - a.users || a.files.length - b.files.length)
  );
  const chosen: TouchedTests[] = [];
  let count = own.reduce((sum, { files }) => sum + files.length, 0);
  for (const group of importers) {
    if (count + group.files.length > most) continue;
    chosen.push(group);
    count += group.files.length;
  }
  return {
    own,
    importers: chosen,
    leftOut: importers.filter((group) => !chosen.includes(group)).map(({ name }) => name),
    untested,
  };
}

/** A file that is in the group of its room already needs no group of its own. */
function withoutTwins(groups: readonly TouchedTests[]): readonly TouchedTests[] {
  const taken = new Set<string>();
  return groups.toSorted((a, b) => b.files.length - a.files.length).map(({ name, files }) => {
    const fresh = files.filter((file) => !taken.has(file));
    for (const file of fresh) taken.add(file);
    return { name, files: fresh };
  }).filter(({ files }) => files.length > 0).toSorted((a, b) => a.name < b.name ? -1 : 1);
}

/** The tests named after a script, or after the script whose private folder a file is in, and those that import the file. */
function testsOfScript(path: string, tests: readonly string[], files: ReadonlyMap<string, string>): readonly string[] {
  const name = path.split("/")[1]!.replace(/^_|\.ts$/g, "");
  return tests.filter((test) =>
    test.startsWith("tests/scripts/") &&
    (test.startsWith(`tests/scripts/${name}_`) || importsOf(test, files.get(test)!).includes(path))
  );
}

function roomsOf(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].filter((path) => /^lib\/[^/]+\//.test(path)).map((path) => path.split("/")[1]!).toSorted();
}

/** The rooms that import some others: directly, then through these, and so on. */
function listImporters(rooms: readonly string[], files: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const importedBy = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    const [top, room] = path.split("/");
    if (top !== "lib") continue;
    const imported = new Set(
      importsOf(path, text).filter((one) => one.startsWith("lib/")).map((one) => one.split("/")[1]!),
    );
    importedBy.set(room!, (importedBy.get(room!) ?? new Set()).union(imported));
  }
  const seen = new Set(rooms);
  const steps: string[][] = [];
  for (let step = [...rooms]; step.length > 0;) {
    const found = [...importedBy].filter(([room, imported]) =>
      !seen.has(room) && step.some((one) => imported.has(one))
    );
    step = found.map(([room]) => room);
    for (const room of step) seen.add(room);
    if (step.length > 0) steps.push(step);
  }
  return steps;
}

/** The modules that a module imports or exports from by a relative path. */
function importsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, target]) =>
    posix.join(posix.dirname(path), target!)
  );
}
