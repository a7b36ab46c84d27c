import { walk } from "@std/fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { KitError } from "../lib/base/mod.ts";
import type { CheckResult } from "../lib/gate/mod.ts";
import type { HouseOptions } from "./house_options.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { pathFromRoot } from "./path_from_root.ts";
import { lastLines } from "./run_deno.ts";

/** Options of {@linkcode measureCoverage}. */
export interface MeasureCoverageOptions {
  /** Folders, all `.ts` files of which are counted. */
  readonly roots: readonly string[];
  /**
   * Root of the tested project; `deno coverage` does not report files outside of it.
   *
   * @default {the working directory}
   */
  readonly project?: string | undefined;
  /**
   * File for the coverage in the format of lcov, which services and editors read.
   *
   * @default {none}
   */
  readonly lcov?: string | undefined;
  /** Stops `deno coverage`. */
  readonly signal?: AbortSignal | undefined;
}

/** Line coverage of the sources. */
export interface Coverage extends Lines {
  /** Every source file, including those that no test imports. */
  readonly files: readonly ({ readonly path: string } & Lines)[];
}

interface Lines {
  /** Number of lines with code. */
  readonly found: number;
  /** Number of lines that tests executed. */
  readonly hit: number;
}

/**
 * Sum the coverage of all source files. In a file that no test imports, no line counts as covered.
 *
 * @param folder Output folder of `deno test --coverage`
 * @throws {KitError} `failed` if the coverage cannot be read
 */
export async function measureCoverage(folder: string, options: MeasureCoverageOptions): Promise<Coverage> {
  const { roots, project = Deno.cwd(), lcov, signal } = options;
  await prepareRawData(folder, roots);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["coverage", "-q", "--lcov", ...roots.map(inside), NOTHING_LEFT_OUT, resolve(folder)],
    cwd: project,
    stdout: "piped",
    stderr: "piped",
    ...signal === undefined ? {} : { signal },
  });
  const { success, code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (!success) {
    const [first] = lastLines({ code, out: "", err: stripVTControlCharacters(text.decode(stderr)) }).split("\n");
    throw new KitError("failed", `Cannot read the coverage: ${first!.replace(/^error: /, "")}`);
  }
  if (lcov !== undefined) {
    await Deno.mkdir(dirname(lcov), { recursive: true });
    await Deno.writeFile(lcov, stdout);
  }
  const reached = parseLcov(text.decode(stdout));
  const files: ({ readonly path: string } & Lines)[] = [];
  for (const root of roots) {
    for await (const entry of walk(root, { includeDirs: false, exts: [".ts"] })) {
      const path = resolve(entry.path);
      files.push({ path: entry.path, ...reached.get(path) ?? await unreached(path) });
    }
  }
  const sum = (key: keyof Lines) => files.reduce((total, file) => total + file[key], 0);
  return { found: sum("found"), hit: sum("hit"), files };
}

/** Without it, `deno coverage` leaves out files by their names, as it does for tests. The roots have no tests. */
const NOTHING_LEFT_OUT = "--exclude=^$";

/** The flag by which `deno coverage` reports the files of a folder. */
function inside(root: string): string {
  return `--include=^${RegExp.escape(urlOf(root))}`;
}

function urlOf(folder: string): string {
  return pathToFileURL(`${resolve(folder)}/`).href;
}

/**
 * Measure the line coverage of the test run.
 *
 * @param parameters `roots`, and `flags` of `deno test`
 * @returns The fraction of covered lines, and up to ten files with the most uncovered lines
 */
export async function checkCoverage(
  parameters: Readonly<Record<string, unknown>>,
  { runs, signal }: HouseOptions,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["roots", "flags"]);
  const { coverage, cases } = await runs.run([], read.flags(), signal);
  if (!cases.some((one) => one.isExecuted)) return NO_TESTS;
  const { found, hit, files } = await measureCoverage(coverage, {
    roots: read.strings("roots"),
    lcov: runs.lcov,
    signal,
  });
  const share = found === 0 ? 0 : hit / found;
  const worst = files.toSorted((a, b) => b.found - b.hit - (a.found - a.hit)).slice(0, 10)
    .filter((file) => file.found > file.hit);
  return {
    value: share,
    count: found,
    unit: "lines",
    measured: `${(Math.floor(share * 10_000) / 100).toFixed(2)} % of ${found} lines in ${files.length} files`,
    problems: worst.map((file) => ({
      message: `${file.found - file.hit} lines are not reached`,
      file: pathFromRoot(file.path),
    })),
  };
}

/**
 * Count source files without a single covered line.
 *
 * @param parameters `roots`, `flags` of `deno test`
 * @returns The number of such files, and a problem for each
 */
export async function checkUntested(
  parameters: Readonly<Record<string, unknown>>,
  { runs, signal }: HouseOptions,
): Promise<CheckResult> {
  const read = new ParameterReader(parameters, ["roots", "flags"]);
  const { coverage, cases } = await runs.run([], read.flags(), signal);
  if (!cases.some((one) => one.isExecuted)) return NO_TESTS;
  const { files } = await measureCoverage(coverage, { roots: read.strings("roots"), signal });
  const missed = files.filter(({ found, hit }) => found > 0 && hit === 0);
  const value = missed.length;
  const count = files.length;
  const problems = missed.map(({ path, found }) => ({
    message: `no test reaches any of its ${found} lines`,
    file: pathFromRoot(path),
  }));
  return { value, count, unit: "files", measured: `${value} of ${count} files`, problems };
}

/** Result of a run that executed no tests and therefore has no coverage. */
const NO_TESTS: CheckResult = { value: 0, count: 0, unit: "tests executed", measured: "no tests", problems: [] };

/**
 * Prepare the raw data for `deno coverage`. A killed process leaves incomplete files, which it cannot read. And whatever
 * the flags, it takes a file such as `scripts/load_test.ts` for a test; with a fragment, the name ends differently, and
 * it still finds the source, because it drops fragments afterwards.
 */
async function prepareRawData(folder: string, roots: readonly string[]): Promise<void> {
  const isFolder = await Deno.stat(folder).then((stat) => stat.isDirectory, () => false);
  if (!isFolder) return;
  const sources = roots.map(urlOf);
  for await (const entry of walk(folder, { includeDirs: false, exts: [".json"] })) {
    const bytes = await Deno.readFile(entry.path);
    if (bytes.at(-1) !== CLOSING_BRACE) {
      await Deno.remove(entry.path);
      continue;
    }
    const [, url] = URL_FIELD.exec(new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES))) ?? [];
    if (url === undefined || !TEST_NAME.test(url) || !sources.some((source) => url.startsWith(source))) continue;
    await Deno.writeTextFile(entry.path, new TextDecoder().decode(bytes).replace(url, () => `${url}#source`));
  }
}

/** The field is at the beginning of the raw data of a module, before the ranges. */
const URL_FIELD = /"url": *"([^"]+)"/;
const HEAD_BYTES = 8192;
const TEST_NAME = /[_./]test\.\w+$/;
const CLOSING_BRACE = 0x7d;

function parseLcov(text: string): ReadonlyMap<string, Lines> {
  const files = new Map<string, Lines>();
  for (const record of text.split("end_of_record")) {
    const path = /^SF:(.+)$/m.exec(record)?.[1];
    if (path === undefined) continue;
    files.set(path, {
      found: Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0),
      hit: Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0),
    });
  }
  return files;
}

/** Count the lines of a file that no test imports; types, comments, imports and re-exports do not count. */
async function unreached(path: string): Promise<Lines> {
  const code = stripTypeScriptTypes(await Deno.readTextFile(path))
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .replaceAll(/^\s*(?:import|export)\b[^;"]*?(?:from\s*)?"[^"]*"[^;]*;/gm, "");
  return { found: code.split("\n").filter((line) => line.trim() !== "").length, hit: 0 };
}
