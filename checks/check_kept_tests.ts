import { readTextIfExists } from "../lib/base/mod.ts";
import type { CheckResult, GateCheckOptions, GateProblem } from "../lib/gate/mod.ts";
import { ACCEPTED_FILE, readAcceptedChanges } from "./accepted_changes.ts";
import { askGit } from "./ask_git.ts";
import { findBase } from "./find_base.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { type DeclaredTest, readTests } from "./read_tests.ts";

/** Matches tests that run. */
const PATTERN = "Deno\\.test(\\.only|\\.each)?[(<]";
/** The file whose settings decide which tests run. */
const CONFIG = "deno.json";
/** A test with a new name is the old one if it keeps this fraction of its lines. */
const ALIKE = 0.5;

/** The tests of a file in two states of the project. */
interface ChangedFile {
  readonly file: string;
  readonly before: readonly DeclaredTest[];
  readonly now: readonly DeclaredTest[];
}

/**
 * Count the tests that are gone, are ignored or have lost their assertions since another commit, by their names, and
 * settings of `deno.json` that leave tests out. A test that moved to another file, or that has a new name and most of its
 * lines, is kept. `config/accepted.yml` accepts others, each with a reason.
 */
export async function checkKeptTests(
  parameters: Readonly<Record<string, unknown>>,
  { signal }: GateCheckOptions,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["paths", "since"]);
  const paths = ["--", ...read.strings("paths", ["."])];
  const [since = "main"] = read.strings("since");
  const base = await findBase(since, signal);
  const short = base.slice(0, 9);
  const before = countTests(await askGit(["grep", "-c", "-E", PATTERN, base, ...paths], signal) ?? "");
  const now = countTests(await askGit(["grep", "-c", "--untracked", "-E", PATTERN, ...paths], signal) ?? "");
  const accepted = (await readAcceptedChanges()).tests;
  const lost = [
    ...findLost(await readChanges(base, paths, signal), short),
    ...findLeftOut(
      await askGit(["cat-file", "blob", `${base}:./${CONFIG}`], signal),
      await readTextIfExists(CONFIG),
      short,
    ),
  ];
  const problems = lost
    .filter(({ file, name }) => !accepted.some((one) => one.file === file && (one.name ?? name) === name))
    .map(({ file, message }) => ({ file, message }));
  const value = problems.length;
  const excused = value === lost.length ? "" : `, ${lost.length - value} accepted by ${ACCEPTED_FILE}`;
  return {
    value,
    count: before,
    unit: "tests before",
    measured: `${value} of ${before} tests in ${short} lost${excused}; ${now} now`,
    problems: value === 0 ? [] : [
      ...problems,
      { message: `if that is right, list them with a reason in ${ACCEPTED_FILE}` },
    ],
  };
}

/**
 * Find the tests that were lost between two states of the files that differ.
 *
 * @param files The files that differ, with their tests before and now
 * @param base The earlier commit, for messages
 * @returns The lost tests, with what became of each
 */
export function findLost(
  files: readonly ChangedFile[],
  base: string,
): readonly (GateProblem & { readonly file: string; readonly name: string })[] {
  const everywhere = files.flatMap(({ now }) => now);
  return files.flatMap(({ file, before, now }) => {
    const fresh = now.filter(({ name }) => !before.some((one) => one.name === name));
    return before.filter(({ isIgnored }) => !isIgnored).flatMap((test) => {
      const { name } = test;
      const same = now.find((one) => one.name === name) ?? everywhere.find((one) => one.name === name) ??
        fresh.find((one) => isAlike(test, one));
      const fate = same === undefined
        ? `is gone since ${base}`
        : same.isIgnored
        ? "is ignored"
        : same.condition !== "" && same.condition !== test.condition
        ? `may be ignored, since it says "${same.condition}"`
        : test.assertions > 0 && same.assertions === 0
        ? "has lost its assertions"
        : null;
      return fate === null ? [] : [{ file, name, message: `"${name}" ${fate}` }];
    });
  });
}

/**
 * Find changed settings of `deno.json` that decide which tests run, and by which rules.
 *
 * @param before The earlier file; `null` if there was none
 * @param now The file; `null` if there is none
 * @param base The earlier commit, for messages
 * @returns The settings that differ
 */
export function findLeftOut(
  before: string | null,
  now: string | null,
  base: string,
): readonly (GateProblem & { readonly file: string; readonly name: string })[] {
  const was = readSettings(before);
  const is = readSettings(now);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => ({ file: CONFIG, name, message: `"${name}" differs from ${base}: tests may be left out` }));
}

/** The settings that concern tests; the whole text, if it is no JSON. */
function readSettings(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const { test, exclude, workspace } = JSON.parse(text ?? "{}");
    return { test, exclude, workspace };
  } catch (error) {
    if (error instanceof SyntaxError) return { test: text };
    throw error;
  }
}

function isAlike(before: DeclaredTest, now: DeclaredTest): boolean {
  // The first line has the name.
  const lines = before.lines.slice(1);
  return lines.length > 0 && lines.filter((line) => now.lines.includes(line)).length >= ALIKE * lines.length;
}

async function readChanges(
  base: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly ChangedFile[]> {
  const list = async (...args: readonly string[]) =>
    (await askGit([...args, "-z", ...paths], signal) ?? "").split("\0").filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  const changed = await list("diff", "--relative", "--name-only", "--no-renames", "--no-ext-diff", base);
  const added = await list("ls-files", "--others", "--exclude-standard");
  return await Promise.all(
    [...new Set([...changed, ...added])].toSorted().map(async (file) => ({
      file,
      before: readTests(await askGit(["cat-file", "blob", `${base}:./${file}`], signal) ?? ""),
      now: readTests(await Deno.readTextFile(file).catch(() => "")),
    })),
  );
}

/** Sum the lines of `git grep -c`, which end with a number. */
function countTests(text: string): number {
  return text.split("\n").reduce((sum, line) => sum + Number(/:(\d+)$/.exec(line)?.[1] ?? 0), 0);
}
