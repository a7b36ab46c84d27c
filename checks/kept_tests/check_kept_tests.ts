import { createHash } from "node:crypto";
import { join } from "node:path";
import { readTextIfExists } from "../../lib/base/mod.ts";
import { addWorktree, openRepository, removeLeftovers } from "../../lib/git/mod.ts";
import type { CheckResult, GateCheckOptions, GateProblem } from "../../lib/gate/mod.ts";
import { ACCEPTED_FILE, readAcceptedChanges } from "../accepted_changes.ts";
import { askGit } from "../ask_git.ts";
import { findBase } from "../find_base.ts";
import { ParameterReader } from "../parameter_reader.ts";
import { type CountedTest, countRuns } from "./count_runs.ts";
import { loadTests } from "./load_tests.ts";
import { readTests } from "./read_tests.ts";
import { isLeftOut, readTestSettings, SETTINGS_FILE, type TestSettings } from "./test_settings.ts";

/** Names of the files in which `deno test` looks for tests. */
const TEST_FILE = /(?:^|[/._])test\.(?:[jt]sx?|m[jt]s)$/;
/** A test with a new name is the old one if it keeps this fraction of its lines. */
const ALIKE = 0.5;

/** The tests of a file in two states of the project. */
interface TestFile {
  readonly file: string;
  readonly before: readonly CountedTest[];
  readonly now: readonly CountedTest[];
}

/** A loss that `config/accepted.yml` can accept by its file and name. */
interface Loss extends GateProblem {
  readonly file: string;
  readonly name: string;
  /** Number of tests that no longer run; 0 if it is no test. */
  readonly runs: number;
}

/**
 * Count the tests that another commit ran and that are gone, no longer run or have lost their assertions, by their
 * names, and settings of `deno.json` that leave tests out. A test that moved to another file, or that has a new name and
 * most of its lines, is kept. `config/accepted.yml` accepts others, each with a reason.
 *
 * Both commits' test files are loaded, but none of their tests is run: see {@linkcode loadTests}.
 */
export async function checkKeptTests(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["paths", "since"]);
  const paths = read.strings("paths", ["."]);
  const [since = "main"] = read.strings("since");
  const base = await findBase(since, signal);
  const short = base.slice(0, 9);
  const before = await readCommit(base, paths, signal);
  const now = await readProject(Deno.cwd(), paths, signal);
  const broken = [...before.failures][0];
  if (broken !== undefined) throw new Error(`${broken[0]} of ${short} cannot be loaded: ${broken[1]}`);
  const files = [...new Set([...before.tests.keys(), ...now.tests.keys()])].toSorted().map((file) => ({
    file,
    before: before.tests.get(file) ?? [],
    now: now.tests.get(file) ?? [],
  }));
  const lost: readonly Loss[] = [
    ...[...now.failures].map(([file, failure]) => ({
      file,
      name: "",
      runs: 0,
      message: `cannot be loaded: ${failure}`,
    })),
    ...findLeftOut(before.settings, now.settings, short),
    ...findLost(files, short),
  ];
  const accepted = (await readAcceptedChanges()).tests;
  const refused = lost.filter(({ file, name }) =>
    !accepted.some((one) => one.file === file && (one.name ?? name) === name)
  );
  const excused = refused.length === lost.length
    ? ""
    : `, ${lost.length - refused.length} accepted by ${ACCEPTED_FILE}`;
  const count = countAll(before.tests);
  const gone = refused.reduce((sum, { runs }) => sum + runs, 0);
  return {
    value: refused.length,
    count,
    unit: "tests before",
    measured: `${gone} of ${count} tests in ${short} lost${excused}; ${countAll(now.tests)} now`,
    problems: refused.length === 0 ? [] : [
      ...refused.map(({ file, message }) => ({ file, message })),
      { message: `if that is right, list them with a reason in ${ACCEPTED_FILE}` },
    ],
  };
}

/**
 * Find the tests that were lost between two states of the project.
 *
 * @param files All test files, with their tests before and now
 * @param base The earlier commit, for messages
 * @returns The lost tests, with what became of each
 */
export function findLost(files: readonly TestFile[], base: string): readonly Loss[] {
  // Of two tests with the same name, the second must not be excused by the first.
  const taken = new Set<CountedTest>();
  const take = (test: CountedTest | undefined): CountedTest | undefined => {
    if (test !== undefined) taken.add(test);
    return test;
  };
  const isFree = (test: CountedTest): boolean => !taken.has(test);
  const pairs = files.flatMap(({ file, before, now }) =>
    before.map((test) => ({ file, test, same: take(now.find((one) => one.name === test.name && isFree(one))) }))
  );
  const fresh = files.map(({ file, now }) => ({ file, tests: now.filter(isFree) }));
  return pairs.filter(({ test }) => test.runs > 0).flatMap(({ file, test, same }) => {
    const { name } = test;
    const found = same ??
      take(fresh.flatMap(({ tests }) => tests).find((one) => one.name === name && isFree(one))) ??
      take(fresh.find((one) => one.file === file)?.tests.find((one) => isAlike(test, one) && isFree(one)));
    const loss = explainLoss(test, found, base);
    return loss === null ? [] : [{ file, name, ...loss }];
  });
}

/** Compare a test with what it is now; `null` if nothing is lost. */
function explainLoss(
  before: CountedTest,
  now: CountedTest | undefined,
  base: string,
): Pick<Loss, "runs" | "message"> | null {
  const { name, runs } = before;
  if (now === undefined) return { runs, message: `"${name}" is gone since ${base}` };
  const isNew = now.condition !== "" && now.condition !== before.condition;
  const since = isNew ? `, since it says "${now.condition}"` : "";
  if (now.isIgnored) return { runs, message: `"${name}" is ignored${since}` };
  if (now.runs === 0) return { runs, message: `"${name}" is still declared, but does not run` };
  if (now.runs < runs) {
    return { runs: runs - now.runs, message: `"${name}" runs as ${now.runs} tests, and as ${runs} in ${base}` };
  }
  if (isNew) return { runs, message: `"${name}" may be ignored${since}` };
  if (before.assertions > 0 && now.assertions === 0) return { runs, message: `"${name}" has lost its assertions` };
  return null;
}

/**
 * Find changed settings of `deno.json` that decide which tests run, and by which rules.
 *
 * @param before The earlier settings
 * @param now The settings
 * @param base The earlier commit, for messages
 * @returns The settings that differ
 */
export function findLeftOut(before: TestSettings, now: TestSettings, base: string): readonly Loss[] {
  const names = ["test", "exclude", "workspace", "text"] as const;
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name])).map((name) => ({
    file: SETTINGS_FILE,
    name,
    runs: 0,
    message: `"${name}" differs from ${base}: tests may be left out`,
  }));
}

function isAlike(before: CountedTest, now: CountedTest): boolean {
  // The first line has the name.
  const lines = before.lines.slice(1);
  return lines.length > 0 && lines.filter((line) => now.lines.includes(line)).length >= ALIKE * lines.length;
}

/** The tests of a project in one state. */
interface ProjectTests {
  readonly settings: TestSettings;
  /** Its tests, by their file. */
  readonly tests: ReadonlyMap<string, readonly CountedTest[]>;
  /** Why a file cannot be loaded. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Read the tests of a commit from a temporary working tree. */
async function readCommit(sha: string, paths: readonly string[], signal: AbortSignal): Promise<ProjectTests> {
  await removeLeftovers();
  const prefix = (await askGit(["rev-parse", "--show-prefix"], signal) ?? "").trim();
  const repository = await openRepository(Deno.cwd());
  // Deno caches what it compiles by path: with a new path each time, its cache would only grow. Checkouts that share a
  // repository can be judged at the same time.
  const name = `kept-tests-${createHash("sha256").update(repository.root).digest("hex").slice(0, 8)}`;
  await using tree = await addWorktree(repository, sha, { command: "gate", name, signal });
  return await readProject(join(tree.path, prefix), paths, signal);
}

async function readProject(folder: string, paths: readonly string[], signal: AbortSignal): Promise<ProjectTests> {
  const settings = await readTestSettings(join(folder, SETTINGS_FILE));
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...paths];
  const listed = (await askGit(args, signal, folder) ?? "").split("\0");
  const sources = new Map<string, string>();
  for (const file of new Set(listed.filter((path) => TEST_FILE.test(path)))) {
    // A deleted file is listed until it is committed.
    const source = await readTextIfExists(join(folder, file));
    if (source !== null) sources.set(file, source);
  }
  const files = [...sources.keys()].filter((file) => !isLeftOut(file, settings));
  const loaded = new Map((await loadTests(files, { folder, settings, signal })).map((one) => [one.file, one]));
  return {
    settings,
    tests: new Map(
      [...sources].map(([file, source]) =>
        [file, countRuns(readTests(source), loaded.get(file)?.tests ?? [])] as const
      ),
    ),
    failures: new Map([...loaded.values()].flatMap(({ file, failure }) => failure === null ? [] : [[file, failure]])),
  };
}

function countAll(tests: ProjectTests["tests"]): number {
  return [...tests.values()].flat().reduce((sum, { runs }) => sum + runs, 0);
}
